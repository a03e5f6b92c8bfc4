#include "host/sharing/gatekeeper.h"

#include <algorithm>

#include "absl/container/inlined_vector.h"
#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/filters.h"
#include "host/sharing/gate_index.h"
#include "host/sharing/output_shape.h"
#include "host/sharing/protocol_state.h"
#include "host/sharing/quality_condition.h"
#include "host/sharing/share_condition.h"

namespace concordat::sharing {
namespace {

using policy::Share;
using policy::SharingProtocol;

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

// What a denial tells people: only made when somebody will read it.
struct Words {
  std::string message;
  std::string mend;
};

/// One request before the gatekeeper. Every check either lets it pass or denies with its clause; the first
/// denial stands.
class Hearing {
 public:
  Hearing(const GateIndex& index, const AccessRequest& request, const Facts& facts, bool wants_words)
      : index_(index), request_(request), facts_(facts), wants_words_(wants_words) {}

  void Run() {
    if (!request_.protocol.empty()) return RunNamed(index_.Versions(request_.protocol.str()));
    const auto& serving = index_.Serving(request_.partner.str(), request_.dataset.str(), request_.purpose);
    const auto& candidates = serving.empty() ? index_.Sharing(request_.dataset.str()) : serving;
    if (candidates.empty()) {
      Deny("no_protocol", "id", [&] {
        return Words{fmt::format("no protocol shares the dataset \"{}\"; {}", request_.dataset.str(),
                                 DidYouMean(request_.dataset.str(), index_.Datasets())),
                     "concordat catalog list --mine shows what may be asked for"};
      });
      return;
    }
    // The first protocol that permits decides; when none does, the first one's reasons are told.
    // Where none serves party, dataset and purpose together, none permits, and one is enough to say why.
    if (serving.empty() || candidates.size() == 1) return RunNamed(candidates.front());
    std::optional<Hearing> first;
    for (const std::vector<IndexedProtocol>* versions : candidates) {
      Hearing attempt = *this;
      attempt.RunNamed(versions);
      if (attempt.decision_.permit) return Adopt(std::move(attempt));
      if (!first) first.emplace(std::move(attempt));
    }
    Adopt(*std::move(first));
  }

  Decision decision() const { return decision_; }

  RulingWithShare TakeRuling() {
    RulingWithShare result{std::move(ruling_), decision_.protocol, decision_.share, std::move(givers_)};
    result.ruling.permit = decision_.permit;
    result.ruling.cause = std::string(decision_.cause);
    return result;
  }

 private:
  void Adopt(Hearing&& other) {
    decision_ = other.decision_;
    ruling_ = std::move(other.ruling_);
    givers_ = std::move(other.givers_);
  }

  void RunNamed(const std::vector<IndexedProtocol>* versions) {
    if (!FindProtocol(versions) || !AsksAsParty() || !IsInForce() || !ParentsAreInForce() ||
        !AsksForItsPurpose() || !MayBeGivenRows() || !EmergencyIsAllowed())
      return;
    absl::InlinedVector<const IndexedShare*, 4> shares;
    if (!SharesForRequest(shares)) return;
    // The first share that permits decides; when none does, the first one's reasons are told.
    if (shares.size() == 1) return TryShare(*shares.front());
    std::optional<Hearing> first;
    for (const IndexedShare* share : shares) {
      Hearing attempt = *this;
      attempt.TryShare(*share);
      if (attempt.decision_.permit) return Adopt(std::move(attempt));
      if (!first) first.emplace(std::move(attempt));
    }
    Adopt(*std::move(first));
  }

  template <typename MakeWords>
  bool Deny(std::string_view cause, std::string_view key, MakeWords make_words) {
    decision_.permit = false;
    decision_.cause = cause;
    decision_.key = key;
    if (!wants_words_) return false;
    Words words = make_words();
    ruling_.clause = ClauseOf(decision_, request_);
    ruling_.message = std::move(words.message);
    ruling_.mend = std::move(words.mend);
    ruling_.release.clear();
    ruling_.duties.clear();
    return false;
  }

  const SharingProtocol& protocol() const { return *decision_.protocol; }
  const Share& share() const { return *decision_.share; }

  // Worked out already, or here; `made` keeps what was made here.
  const Governing& GoverningOf(const ProtocolId& id, std::shared_ptr<const Governing>& made) const {
    if (facts_.states != nullptr) return facts_.states->Of(id, request_.partner, request_.dataset);
    made = std::make_shared<const Governing>(
        GoverningVersion(index_.policies(), id, request_.partner, request_.dataset, facts_, request_.time));
    return *made;
  }
  const Governing& governing() const { return *governing_; }

  // Of several versions the one that binds the asking partner decides.
  bool FindProtocol(const std::vector<IndexedProtocol>* versions) {
    if (versions == nullptr) {
      return Deny("no_protocol", "id", [&] {
        std::vector<std::string> ids;
        for (const SharingProtocol& known : index_.policies().protocols) ids.push_back(known.id.str());
        const std::string& name = request_.protocol.str();
        return Words{fmt::format("there is no protocol \"{}\"", name), DidYouMean(name, ids)};
      });
    }
    governing_ = &GoverningOf(versions->front().protocol->id, made_here_);
    version_ = &versions->front();
    for (const IndexedProtocol& candidate : *versions) {
      if (candidate.protocol == governing().protocol) version_ = &candidate;
    }
    decision_.protocol = version_->protocol;
    if (wants_words_) {
      ruling_.protocol = protocol().id.str();
      ruling_.protocol_version = protocol().version;
      ruling_.protocol_digest = protocol().digest;
    }
    return true;
  }

  // Says so when a version that is not in force yet would grant it.
  std::string WithNewer(std::string message, const std::vector<std::string>& fields) const {
    if (facts_.states != nullptr) return message;  // who keeps states wants no words
    const std::string newer = NotYetAdopted(index_.policies(), protocol(), request_.partner, request_.dataset,
                                            fields, facts_, request_.time);
    return newer.empty() ? message : fmt::format("{}; {}", message, newer);
  }

  bool AsksAsParty() {
    const bool party =
        std::any_of(protocol().parties.begin(), protocol().parties.end(),
                    [&](const policy::Party& candidate) { return candidate.partner == request_.partner; });
    if (party) return true;
    return Deny("not_a_party", "parties", [&] {
      return Words{fmt::format("{} is no party of {}",
                               request_.partner.empty() ? "an administrator" : request_.partner.str(),
                               protocol().id.str()),
                   "the parties would have to agree on a new version that includes this partner"};
    });
  }

  static std::string_view CauseOf(const ProtocolState& state) {
    if (state.state == "draft" || state.state == "awaiting_signatures" || state.state == "rejected")
      return "not_adopted";
    if (state.state == "review_overdue") return "review_overdue";
    if (state.state == "drifted") return "drifted";
    return "not_in_force";
  }

  static std::string_view KeyOf(const ProtocolState& state) {
    if (state.state == "review_overdue") return "validity.review";
    if (state.state == "expired") return "validity.until";
    if (state.state == "not_yet") return "validity.from";
    return state.state == "tests_failing" ? "tests" : "signatures";
  }

  static std::string MendOf(const SharingProtocol& of, const ProtocolState& state) {
    const std::string_view cause = CauseOf(state);
    if (cause == "not_adopted")
      return fmt::format("the delegates named sign it: concordat protocol sign {}", of.id.str());
    if (cause == "review_overdue") return "the parties review it and agree on a new review date";
    if (cause == "drifted")
      return fmt::format("the parties sign it anew over the changed contract: concordat protocol sign {}",
                         of.id.str());
    if (state.state == "tests_failing") return "the parties mend the protocol or its tests";
    return "the parties sign a version whose validity covers today";
  }

  static Words WordsOf(const SharingProtocol& of, const ProtocolState& state) {
    return {fmt::format("{} {} is not in force: {}", of.id.str(), of.version, state.explanation),
            MendOf(of, state)};
  }

  bool IsInForce() {
    const ProtocolState& state = governing().state;
    if (state.in_force) return true;
    return Deny(CauseOf(state), KeyOf(state), [&] { return WordsOf(protocol(), state); });
  }

  // A protocol lives under its charter: when that is not in force, nothing below it is.
  bool ParentsAreInForce() {
    const std::vector<IndexedProtocol>* parents = version_->parent;
    for (int tier = 0; parents != nullptr && tier < 8; ++tier) {
      std::shared_ptr<const Governing> made;
      const Governing& above = GoverningOf(parents->front().protocol->id, made);
      if (above.protocol == nullptr || !above.state.in_force) {
        const SharingProtocol& dead =
            above.protocol != nullptr ? *above.protocol : *parents->front().protocol;
        return Deny(CauseOf(above.state), "parent", [&] {
          Words words = WordsOf(dead, above.state);
          words.message =
              fmt::format("{} stands under {}, and {}", protocol().id.str(), dead.id.str(), words.message);
          return words;
        });
      }
      const auto alive = std::find_if(parents->begin(), parents->end(), [&](const IndexedProtocol& parent) {
        return parent.protocol == above.protocol;
      });
      parents = alive == parents->end() ? nullptr : alive->parent;
    }
    return true;
  }

  bool AsksForItsPurpose() {
    if (request_.purpose == protocol().purpose_code) return true;
    return Deny("purpose", "purpose", [&] {
      return Words{
          fmt::format("the data is shared for {}, not for \"{}\"", protocol().purpose_code, request_.purpose),
          fmt::format("ask with --purpose {} if that is what the data is for", protocol().purpose_code)};
    });
  }

  // Administrators run the host; they are given no rows, whatever a share says.
  bool MayBeGivenRows() {
    if (request_.role != "administrator") return true;
    return Deny("role", "parties", [&] {
      return Words{"an administrator of the host is given no rows",
                   "ask as a steward or an analyst of a party"};
    });
  }

  bool EmergencyIsAllowed() {
    if (!request_.emergency) return true;
    const policy::EmergencyTerms& terms = protocol().emergency;
    const auto deny = [&](std::string message, std::string mend) {
      return Deny("emergency", "emergency", [&] { return Words{std::move(message), std::move(mend)}; });
    };
    if (!terms.allowed)
      return deny(fmt::format("{} knows no emergency", protocol().id.str()), "ask without --emergency");
    if (std::find(terms.roles.begin(), terms.roles.end(), request_.role) == terms.roles.end()) {
      return deny(fmt::format("the role {} may not call an emergency", request_.role),
                  fmt::format("ask somebody whose role is {}", fmt::join(terms.roles, " or ")));
    }
    if (request_.emergency->person.empty() || request_.emergency->basis.empty() ||
        request_.emergency->reason.empty())
      return deny("an emergency needs who answers for it, the basis in law and the reason",
                  "--emergency-person, --emergency-basis and --reason");
    if (facts_.emergency_since && terms.max &&
        absl::ToDoubleSeconds(request_.time - *facts_.emergency_since) > terms.max->Seconds()) {
      return deny(fmt::format("the emergency that began on {} ended after {}, and its review is still open",
                              TimeText(*facts_.emergency_since), terms.max->text),
                  "close its review first: concordat feed due");
    }
    return true;
  }

  bool IsSameDataset(const IndexedShare& candidate) const {
    if (candidate.share->dataset == request_.dataset) return true;
    return candidate.object != nullptr && candidate.object == index_.Object(request_.dataset.str());
  }

  bool HasForm(const Share& candidate) const {
    return request_.form.empty() || (request_.form == "aggregate") == candidate.aggregate.has_value();
  }

  bool SharesForRequest(absl::InlinedVector<const IndexedShare*, 4>& shares) {
    const IndexedShare* of_dataset = nullptr;
    const IndexedShare* of_form = nullptr;
    for (const IndexedShare& candidate : version_->shares) {
      if (!IsSameDataset(candidate)) continue;
      if (of_dataset == nullptr) of_dataset = &candidate;
      if (!Holds(candidate.share->to, request_.partner)) continue;
      of_form = &candidate;
      if (HasForm(*candidate.share)) shares.push_back(&candidate);
    }
    if (!shares.empty()) return true;
    if (of_dataset == nullptr) return DenyDataset();
    if (of_form != nullptr) {
      return Deny("form", of_form->share->id, [&] {
        return Words{
            fmt::format("{} is shared with {} as {}, not as {}", request_.dataset.str(),
                        request_.partner.str(), of_form->share->aggregate ? "an aggregate" : "records",
                        request_.form == "aggregate" ? "an aggregate" : "records"),
            "ask for the form that was agreed"};
      });
    }
    return Deny("not_a_party", of_dataset->share->id, [&] {
      return Words{WithNewer(fmt::format("{} is shared with others, not with {}", request_.dataset.str(),
                                         request_.partner.str()),
                             {}),
                   "the parties would have to agree on a share for this partner"};
    });
  }

  bool DenyDataset() {
    return Deny("no_protocol", "shares", [&] {
      std::vector<std::string> datasets;
      for (const Share& known : protocol().shares) datasets.push_back(known.dataset.str());
      return Words{
          WithNewer(fmt::format("{} shares no dataset \"{}\"", protocol().id.str(), request_.dataset.str()),
                    {}),
          DidYouMean(request_.dataset.str(), datasets)};
    });
  }

  void TryShare(const IndexedShare& indexed) {
    indexed_ = &indexed;
    decision_.share = indexed.share;
    if (wants_words_) ruling_.share = indexed.share->id;
    if (!PartiesHaveSigned() || !FieldsAreShared() || !WhereIsAllowed()) return;
    affected_ = Affected(share(), facts_.submissions);
    if (protocol().signatures == "each") LeaveOutUnbound();
    if (!ConditionHolds() || !QualitySuffices() || !DutiesCanBeDone()) return;
    Permit();
  }

  // Under "each" a protocol is in force before everybody has signed: only who is bound with whom asks gives.
  bool PartiesHaveSigned() {
    if (protocol().signatures != "each") {
      if (wants_words_) givers_ = share().from;
      return true;
    }
    // Bound once and missing now: the signature was taken back.
    const std::vector<PartnerId>& missing = governing().state.missing;
    const PartnerId* who = Holds(missing, request_.partner) ? &request_.partner : nullptr;
    bool any = false;
    for (const PartnerId& partner : share().from) {
      const bool bound = Holds(governing().givers, partner) && !Holds(missing, partner);
      if (!bound && who == nullptr) who = &partner;
      any |= bound;
      if (bound) givers_.push_back(partner);
    }
    if (any && who != &request_.partner) return true;
    return Deny("not_adopted", "signatures", [&] {
      return Words{
          fmt::format("{} has not signed {} {}", who->str(), protocol().id.str(), protocol().version),
          fmt::format("its delegate signs it: concordat protocol sign {}", protocol().id.str())};
    });
  }

  void LeaveOutUnbound() {
    std::erase_if(affected_,
                  [&](const SubmissionQuality* submission) { return !Holds(givers_, submission->partner); });
  }

  bool FieldsAreShared() {
    if (!wants_words_ && request_.select.empty()) return true;
    auto forms = SelectForms(share(), request_.select);
    if (!forms.ok()) {
      return Deny("field_not_shared", share().id, [&] {
        return Words{WithNewer(std::string(MessageOf(forms.status())), request_.select),
                     "leave the field out of --select; what a share does not list is never released"};
      });
    }
    if (wants_words_) ruling_.release = *std::move(forms);
    return true;
  }

  bool WhereIsAllowed() {
    if (request_.where.empty()) return true;
    if (indexed_->object == nullptr)
      return Deny("condition_failed", share().id, [&] { return Words{"the dataset has no contract", ""}; });
    WhereProblem problem = JudgeWhere(request_.where, share(), *indexed_->object->schema);
    if (problem.cause.empty()) return true;
    const bool unreleased = problem.cause == "where_not_released";
    return Deny(unreleased ? "where_not_released" : "condition_failed", share().id, [&] {
      return Words{std::move(problem.message),
                   unreleased ? "where may name only what the share releases, and sees it as it leaves"
                              : "correct the expression of where"};
    });
  }

  bool ConditionHolds() {
    if (indexed_->when.always() || request_.emergency) return true;
    if (!wants_words_) {
      const std::string_view cause = indexed_->when.CauseOf(request_, affected_);
      return cause.empty() || Deny(cause, share().id, [] { return Words(); });
    }
    WhenVerdict verdict = indexed_->when.Judge(request_, affected_);
    if (verdict.cause.empty()) return true;
    return Deny(verdict.cause, share().id, [&] {
      return Words{std::move(verdict.message),
                   verdict.roles.empty()
                       ? std::string("the request has to meet the share's when")
                       : fmt::format("ask somebody whose role is {}", fmt::join(verdict.roles, " or "))};
    });
  }

  bool QualitySuffices() {
    if (!share().quality) return true;
    const QualityFacts measured{affected_, protocol().signatures == "each" ? givers_ : share().from,
                                facts_.levels, request_.time};
    if (!wants_words_ && MeetsQuality(*share().quality, measured)) return true;
    QualityVerdict verdict = JudgeQuality(*share().quality, measured);
    ruling_.quality = std::move(verdict.measured);
    if (verdict.shortfalls.empty()) return true;
    if (!share().quality->refuse || request_.emergency) {
      for (Shortfall& shortfall : verdict.shortfalls) ruling_.caveats.push_back(std::move(shortfall.message));
      return true;
    }
    Shortfall& first = verdict.shortfalls.front();
    return Deny(first.cause, share().id, [&] {
      return Words{std::move(first.message), std::move(first.mend)};
    });
  }

  bool DutiesCanBeDone() {
    if (!wants_words_ && indexed_->duties_known && (facts_.pseudonym_key_available || !indexed_->needs_key))
      return true;
    for (const ShapedField& shaped : ShapedFields(share())) {
      const DutyKind* duty = FindDuty(shaped.duty->duty);
      if (duty == nullptr) {
        return Deny("duty_unavailable", share().id, [&] {
          return Words{fmt::format("the duty \"{}\" cannot be carried out", shaped.duty->duty), ""};
        });
      }
      if (duty->needs_key && !facts_.pseudonym_key_available) {
        return Deny("key_unavailable", share().id, [&] {
          return Words{fmt::format("the pseudonym key of {} is not there", protocol().id.str()),
                       "the host's administrator restores the protocol's key"};
        });
      }
      if (wants_words_ && IsAskedFor(shaped.name))
        ruling_.duties.push_back(fmt::format("{} {}", shaped.name, duty->in_words(shaped.duty->terms)));
    }
    return true;
  }

  bool IsAskedFor(const std::string& column) const {
    return std::any_of(ruling_.release.begin(), ruling_.release.end(),
                       [&](const record::ReleasedField& form) { return form.field == column; });
  }

  void AddWholeDuties() {
    if (const auto& duty = share().k_anonymity) {
      ruling_.duties.push_back(fmt::format(
          "every combination of {} leaves for at least {} records, at most {}% held back",
          fmt::join(duty->quasi_identifiers, ", "), duty->k, data::NumberText(duty->max_suppressed * 100)));
    }
    if (const auto& duty = share().small_counts) {
      ruling_.duties.push_back(fmt::format(
          "counts below {} leave as [c]{}{}{}", duty->threshold, duty->zeros_disclosive ? ", 0 too" : "",
          duty->secondary ? ", and what would show them" : "",
          duty->round_to > 0 ? fmt::format("; others rounded to {}", duty->round_to) : ""));
    }
    if (const auto& duty = share().differencing)
      ruling_.duties.push_back(fmt::format("compared with what left in the last {}", duty->window.text));
  }

  void Permit() {
    decision_.permit = true;
    decision_.cause = {};
    decision_.key = share().id;
    if (!wants_words_) return;
    ruling_.clause = ClauseOf(decision_, request_);
    ruling_.rows = share().rows;
    if (!request_.where.empty())
      ruling_.rows =
          share().rows.empty() ? request_.where : fmt::format("({}) && ({})", share().rows, request_.where);
    AddWholeDuties();
    for (const ContractDrift& drift : governing().state.drift) ruling_.caveats.push_back(drift.words);
    if (request_.emergency)
      ruling_.caveats.push_back(
          fmt::format("released in an emergency that {} answers for; its review is due within 72 hours",
                      request_.emergency->person));
    ruling_.message = fmt::format("{} may have {} fields of {} for {} under {} {}", request_.partner.str(),
                                  ruling_.release.size(), request_.dataset.str(), request_.purpose,
                                  protocol().id.str(), protocol().version);
  }

  const GateIndex& index_;
  const AccessRequest& request_;
  const Facts& facts_;
  const bool wants_words_;
  const IndexedProtocol* version_ = nullptr;
  const Governing* governing_ = nullptr;
  std::shared_ptr<const Governing> made_here_;  // what governing_ points to, unless it was worked out already
  std::vector<PartnerId> givers_;
  const IndexedShare* indexed_ = nullptr;
  std::vector<const SubmissionQuality*> affected_;
  Decision decision_;
  record::Ruling ruling_;
};

}  // namespace

std::string ClauseOf(const Decision& decision, const AccessRequest& request) {
  const std::string& protocol =
      decision.protocol != nullptr ? decision.protocol->id.str() : request.protocol.str();
  return fmt::format("{}/{}", protocol.empty() ? "none" : protocol, decision.key);
}

Gatekeeper::Gatekeeper(const policy::PolicySet& policies)
    : index_(std::make_unique<const GateIndex>(policies)) {}
Gatekeeper::~Gatekeeper() = default;

RulingWithShare Gatekeeper::Rule(const AccessRequest& request, const Facts& facts) const {
  Hearing hearing(*index_, request, facts, /*wants_words=*/true);
  hearing.Run();
  return hearing.TakeRuling();
}

Decision Gatekeeper::Decide(const AccessRequest& request, const Facts& facts) const {
  Hearing hearing(*index_, request, facts, /*wants_words=*/false);
  hearing.Run();
  return hearing.decision();
}

RulingWithShare Rule(const policy::PolicySet& policies, const AccessRequest& request, const Facts& facts) {
  return Gatekeeper(policies).Rule(request, facts);
}

}  // namespace concordat::sharing
