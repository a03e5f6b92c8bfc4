#include "host/sharing/gatekeeper.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/source.h"
#include "host/data/parse.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/filters.h"
#include "host/sharing/gate_index.h"
#include "host/sharing/output_shape.h"
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
  std::string clause;
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
      Deny("no_protocol", [&] {
        return Words{"none/id", fmt::format("no protocol shares the dataset \"{}\"", request_.dataset.str()),
                     "concordat catalog list --mine shows what may be asked for"};
      });
      return;
    }
    // The first protocol that permits decides; when none does, the first one's reasons are told.
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
    RulingWithShare result{std::move(ruling_), decision_.protocol, decision_.share};
    result.ruling.permit = decision_.permit;
    result.ruling.cause = std::string(decision_.cause);
    return result;
  }

 private:
  void Adopt(Hearing&& other) {
    decision_ = other.decision_;
    ruling_ = std::move(other.ruling_);
  }

  void RunNamed(const std::vector<IndexedProtocol>* versions) {
    if (!FindProtocol(versions) || !AsksAsParty() || !IsInForce() || !ParentsAreInForce() ||
        !AsksForItsPurpose() || !MayBeGivenRows() || !EmergencyIsAllowed())
      return;
    std::vector<const IndexedShare*> shares;
    if (!SharesForRequest(shares)) return;
    // The first share that permits decides; when none does, the first one's reasons are told.
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
  bool Deny(std::string_view cause, MakeWords make_words) {
    decision_.permit = false;
    decision_.cause = cause;
    if (!wants_words_) return false;
    Words words = make_words();
    ruling_.clause = std::move(words.clause);
    ruling_.message = std::move(words.message);
    ruling_.mend = std::move(words.mend);
    ruling_.release.clear();
    ruling_.duties.clear();
    return false;
  }

  const SharingProtocol& protocol() const { return *decision_.protocol; }
  const Share& share() const { return *decision_.share; }
  std::string Clause(std::string_view key) const { return fmt::format("{}/{}", protocol().id.str(), key); }

  ProtocolState StateOfVersion(const SharingProtocol& version) const {
    return facts_.states != nullptr ? facts_.states->Of(version)
                                    : StateOf(version, facts_.signatures, request_.time);
  }
  bool InForce(const SharingProtocol& version) const {
    return facts_.states != nullptr ? facts_.states->Of(version).in_force
                                    : StateOf(version, facts_.signatures, request_.time).in_force;
  }

  // Of several versions the newest in force decides, else the newest.
  bool FindProtocol(const std::vector<IndexedProtocol>* versions) {
    if (versions == nullptr) {
      return Deny("no_protocol", [&] {
        std::vector<std::string> ids;
        for (const SharingProtocol& known : index_.policies().protocols) ids.push_back(known.id.str());
        const std::string& name = request_.protocol.str();
        return Words{fmt::format("{}/id", name), fmt::format("there is no protocol \"{}\"", name),
                     DidYouMean(name, ids)};
      });
    }
    version_ = &versions->front();
    for (const IndexedProtocol& candidate : *versions) {
      if (!InForce(*candidate.protocol)) continue;
      version_ = &candidate;
      break;
    }
    newest_ = versions->front().protocol;
    decision_.protocol = version_->protocol;
    if (wants_words_) {
      ruling_.protocol = protocol().id.str();
      ruling_.protocol_version = protocol().version;
      ruling_.protocol_digest = protocol().digest;
    }
    return true;
  }

  bool AsksAsParty() {
    const bool party =
        std::any_of(protocol().parties.begin(), protocol().parties.end(),
                    [&](const policy::Party& candidate) { return candidate.partner == request_.partner; });
    if (party) return true;
    return Deny("not_a_party", [&] {
      return Words{Clause("parties"),
                   fmt::format("{} is no party of {}",
                               request_.partner.empty() ? "an administrator" : request_.partner.str(),
                               protocol().id.str()),
                   "the parties would have to agree on a new version that includes this partner"};
    });
  }

  static std::string_view CauseOf(const ProtocolState& state) {
    if (state.state == "draft" || state.state == "awaiting_signatures") return "not_adopted";
    if (state.state == "review_overdue") return "review_overdue";
    if (state.state == "drifted") return "drifted";
    return "not_in_force";
  }

  Words WordsOf(const SharingProtocol& of, const ProtocolState& state) const {
    const std::string_view cause = CauseOf(state);
    Words words;
    words.message = fmt::format("{} {} is not in force: {}", of.id.str(), of.version, state.explanation);
    const std::string_view key = cause == "not_adopted" || state.state == "revoked" ? "signatures"
                                 : cause == "review_overdue"                        ? "validity.review"
                                 : state.state == "expired"                         ? "validity.until"
                                 : state.state == "not_yet"                         ? "validity.from"
                                                                                    : state.state;
    words.clause = fmt::format("{}/{}", of.id.str(), key);
    words.mend = cause == "not_adopted"
                     ? fmt::format("the delegates named sign it: concordat protocol sign {}", of.id.str())
                 : cause == "review_overdue"
                     ? std::string("the parties review it and agree on a new review date")
                     : std::string("the parties sign a version whose validity covers today");
    return words;
  }

  bool IsInForce() {
    if (InForce(protocol())) return true;
    const ProtocolState state = StateOfVersion(protocol());
    return Deny(CauseOf(state), [&] { return WordsOf(protocol(), state); });
  }

  // A protocol lives under its charter: when that is not in force, nothing below it is.
  bool ParentsAreInForce() {
    const std::vector<IndexedProtocol>* parents = version_->parent;
    for (int tier = 0; parents != nullptr && tier < 8; ++tier) {
      const auto alive = std::find_if(parents->begin(), parents->end(), [&](const IndexedProtocol& parent) {
        return InForce(*parent.protocol);
      });
      if (alive == parents->end()) {
        const SharingProtocol& dead = *parents->front().protocol;
        const ProtocolState state = StateOfVersion(dead);
        return Deny(CauseOf(state), [&] {
          Words words = WordsOf(dead, state);
          words.clause = Clause("parent");
          words.message =
              fmt::format("{} stands under {}, and {}", protocol().id.str(), dead.id.str(), words.message);
          return words;
        });
      }
      parents = alive->parent;
    }
    return true;
  }

  bool AsksForItsPurpose() {
    if (request_.purpose == protocol().purpose_code) return true;
    return Deny("purpose", [&] {
      return Words{
          Clause("purpose"),
          fmt::format("the data is shared for {}, not for \"{}\"", protocol().purpose_code, request_.purpose),
          fmt::format("ask with --purpose {} if that is what the data is for", protocol().purpose_code)};
    });
  }

  // Administrators run the host; they are given no rows, whatever a share says.
  bool MayBeGivenRows() {
    if (request_.role != "administrator") return true;
    return Deny("role", [&] {
      return Words{Clause("parties"), "an administrator of the host is given no rows",
                   "ask as a steward or an analyst of a party"};
    });
  }

  bool EmergencyIsAllowed() {
    if (!request_.emergency) return true;
    const policy::EmergencyTerms& terms = protocol().emergency;
    const auto deny = [&](std::string message, std::string mend) {
      return Deny("emergency", [&] {
        return Words{Clause("emergency"), std::move(message), std::move(mend)};
      });
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

  bool SharesForRequest(std::vector<const IndexedShare*>& shares) {
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
      return Deny("form", [&] {
        return Words{
            Clause(of_form->share->id),
            fmt::format("{} is shared with {} as {}, not as {}", request_.dataset.str(),
                        request_.partner.str(), of_form->share->aggregate ? "an aggregate" : "records",
                        request_.form == "aggregate" ? "an aggregate" : "records"),
            "ask for the form that was agreed"};
      });
    }
    return Deny("not_a_party", [&] {
      return Words{Clause(of_dataset->share->id),
                   fmt::format("{} is shared with others, not with {}", request_.dataset.str(),
                               request_.partner.str()),
                   "the parties would have to agree on a share for this partner"};
    });
  }

  bool DenyDataset() {
    return Deny("no_protocol", [&] {
      std::vector<std::string> datasets;
      for (const Share& known : protocol().shares) datasets.push_back(known.dataset.str());
      return Words{Clause("shares"),
                   fmt::format("{} shares no dataset \"{}\"", protocol().id.str(), request_.dataset.str()),
                   DidYouMean(request_.dataset.str(), datasets)};
    });
  }

  void TryShare(const IndexedShare& indexed) {
    indexed_ = &indexed;
    decision_.share = indexed.share;
    if (wants_words_) ruling_.share = indexed.share->id;
    if (!PartiesHaveSigned() || !FieldsAreShared() || !WhereIsAllowed()) return;
    affected_ = Affected(share(), facts_.submissions);
    if (!ConditionHolds() || !QualitySuffices() || !DutiesCanBeDone()) return;
    Permit();
  }

  // Under "each" a protocol is in force before everybody has signed; this share needs its own parties.
  bool PartiesHaveSigned() {
    if (protocol().signatures != "each") return true;
    const ProtocolState state = StateOfVersion(protocol());
    for (const PartnerId& partner : state.missing) {
      if (partner != request_.partner && !Holds(share().from, partner)) continue;
      return Deny("not_adopted", [&] {
        return Words{
            Clause("signatures"),
            fmt::format("{} has not signed {} {}", partner.str(), protocol().id.str(), protocol().version),
            fmt::format("its delegate signs it: concordat protocol sign {}", protocol().id.str())};
      });
    }
    return true;
  }

  bool FieldsAreShared() {
    if (!wants_words_ && request_.select.empty()) return true;
    auto forms = SelectForms(share(), request_.select);
    if (!forms.ok()) {
      return Deny("field_not_shared", [&] {
        return Words{Clause(share().id), std::string(MessageOf(forms.status())),
                     "leave the field out of --select; what a share does not list is never released"};
      });
    }
    if (wants_words_) ruling_.release = *std::move(forms);
    return true;
  }

  bool WhereIsAllowed() {
    if (request_.where.empty()) return true;
    if (indexed_->object == nullptr)
      return Deny("condition_failed", [&] {
        return Words{Clause(share().id), "the dataset has no contract", ""};
      });
    WhereProblem problem = JudgeWhere(request_.where, share(), *indexed_->object->schema);
    if (problem.cause.empty()) return true;
    const bool unreleased = problem.cause == "where_not_released";
    return Deny(unreleased ? "where_not_released" : "condition_failed", [&] {
      return Words{Clause(share().id), std::move(problem.message),
                   unreleased ? "where may name only what the share releases, and sees it as it leaves"
                              : "correct the expression of where"};
    });
  }

  bool ConditionHolds() {
    if (indexed_->when.always() || request_.emergency) return true;
    if (!wants_words_) {
      const absl::StatusOr<bool> holds = indexed_->when.Holds(request_, affected_);
      if (holds.ok() && *holds) return true;
    }
    WhenVerdict verdict = indexed_->when.Judge(request_, affected_);
    if (verdict.cause.empty()) return true;
    return Deny(verdict.cause, [&] {
      return Words{Clause(share().id), std::move(verdict.message),
                   verdict.roles.empty()
                       ? std::string("the request has to meet the share's when")
                       : fmt::format("ask somebody whose role is {}", fmt::join(verdict.roles, " or "))};
    });
  }

  bool QualitySuffices() {
    if (!share().quality) return true;
    if (!wants_words_ && MeetsQuality(*share().quality, affected_, request_.time)) return true;
    QualityVerdict verdict = JudgeQuality(*share().quality, affected_, request_.time);
    ruling_.quality = std::move(verdict.measured);
    if (verdict.shortfalls.empty()) return true;
    if (!share().quality->refuse || request_.emergency) {
      for (Shortfall& shortfall : verdict.shortfalls) ruling_.caveats.push_back(std::move(shortfall.message));
      return true;
    }
    Shortfall& first = verdict.shortfalls.front();
    return Deny(first.cause, [&] {
      return Words{Clause(share().id), std::move(first.message),
                   first.cause == "evidence_stale"
                       ? "the giving partner submits again"
                       : "the giving partner mends the submission: concordat submission mend"};
    });
  }

  bool DutiesCanBeDone() {
    for (const ShapedField& shaped : ShapedFields(share())) {
      const DutyKind* duty = FindDuty(shaped.duty->duty);
      if (duty == nullptr) {
        return Deny("duty_unavailable", [&] {
          return Words{Clause(share().id),
                       fmt::format("the duty \"{}\" cannot be carried out", shaped.duty->duty), ""};
        });
      }
      if (duty->needs_key && !facts_.pseudonym_key_available) {
        return Deny("key_unavailable", [&] {
          return Words{Clause(share().id),
                       fmt::format("the pseudonym key of {} is not there", protocol().id.str()),
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
    if (!wants_words_) return;
    ruling_.clause = Clause(share().id);
    ruling_.rows = share().rows;
    if (!request_.where.empty())
      ruling_.rows =
          share().rows.empty() ? request_.where : fmt::format("({}) && ({})", share().rows, request_.where);
    AddWholeDuties();
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
  const SharingProtocol* newest_ = nullptr;
  const IndexedShare* indexed_ = nullptr;
  std::vector<const SubmissionQuality*> affected_;
  Decision decision_;
  record::Ruling ruling_;
};

}  // namespace

ProtocolStates::ProtocolStates(const policy::PolicySet& policies, const std::vector<Signature>& signatures,
                               absl::Time now) {
  for (const SharingProtocol& protocol : policies.protocols)
    states_.emplace(&protocol, StateOf(protocol, signatures, now));
}

const ProtocolState& ProtocolStates::Of(const SharingProtocol& protocol) const {
  static const ProtocolState kUnknown{.state = "draft", .explanation = "its state is not known"};
  const auto found = states_.find(&protocol);
  return found == states_.end() ? kUnknown : found->second;
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
