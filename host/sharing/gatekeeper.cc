#include "host/sharing/gatekeeper.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/source.h"
#include "host/sharing/duties/duty.h"
#include "host/sharing/filters.h"
#include "host/sharing/protocol_state.h"
#include "host/sharing/quality_condition.h"
#include "host/sharing/share_condition.h"

namespace concordat::sharing {
namespace {

using policy::PolicySet;
using policy::Share;
using policy::SharingProtocol;

bool Holds(const std::vector<PartnerId>& partners, const PartnerId& partner) {
  return std::find(partners.begin(), partners.end(), partner) != partners.end();
}

/// One request before the gatekeeper. Every check either lets it pass or denies with its clause; the first
/// denial stands.
class Hearing {
 public:
  Hearing(const PolicySet& policies, const AccessRequest& request, const Facts& facts)
      : policies_(policies), request_(request), facts_(facts) {}

  RulingWithShare Run() {
    if (!FindProtocol() || !AsksAsParty() || !ProtocolIsInForce() || !AsksForItsPurpose() ||
        !MayBeGivenRows())
      return Denied();
    const std::vector<const Share*> shares = SharesForRequest();
    if (shares.empty()) return Denied();
    // The first share that permits decides; when none does, the first one's reasons are told.
    RulingWithShare first_denial;
    for (const Share* share : shares) {
      RulingWithShare result = TryShare(*share);
      if (result.ruling.permit) return result;
      if (share == shares.front()) first_denial = std::move(result);
    }
    return first_denial;
  }

 private:
  bool Deny(std::string clause, std::string cause, std::string message, std::string mend) {
    record::Ruling& ruling = result_.ruling;
    ruling.clause = std::move(clause);
    ruling.cause = std::move(cause);
    ruling.message = std::move(message);
    ruling.mend = std::move(mend);
    return false;
  }

  std::string Clause(std::string_view key) const { return fmt::format("{}/{}", protocol_->id.str(), key); }

  RulingWithShare Denied() {
    result_.ruling.permit = false;
    result_.ruling.release.clear();
    result_.ruling.duties.clear();
    return std::move(result_);
  }

  // Of several versions the one that binds the asking partner decides.
  bool FindProtocol() {
    const std::vector<const SharingProtocol*> versions = policies_.FindProtocol(request_.protocol);
    if (versions.empty()) {
      std::vector<std::string> ids;
      for (const SharingProtocol& known : policies_.protocols) ids.push_back(known.id.str());
      const std::string name = request_.protocol.empty() ? "none" : request_.protocol.str();
      return Deny(name + "/id", "no_protocol",
                  fmt::format("there is no protocol \"{}\"", request_.protocol.str()),
                  DidYouMean(request_.protocol.str(), ids));
    }
    Governing governing = GoverningVersion(policies_, request_.protocol, request_.partner, request_.dataset,
                                           facts_, request_.time);
    protocol_ = governing.protocol;
    state_ = std::move(governing.state);
    result_.protocol = protocol_;
    result_.ruling.protocol = protocol_->id.str();
    result_.ruling.protocol_version = protocol_->version;
    result_.ruling.protocol_digest = protocol_->digest;
    return true;
  }

  bool AsksAsParty() {
    const bool party =
        std::any_of(protocol_->parties.begin(), protocol_->parties.end(),
                    [&](const policy::Party& candidate) { return candidate.partner == request_.partner; });
    if (party) return true;
    return Deny(Clause("parties"), "not_a_party",
                fmt::format("{} is no party of {}",
                            request_.partner.empty() ? "an administrator" : request_.partner.str(),
                            protocol_->id.str()),
                "the parties would have to agree on a new version that includes this partner");
  }

  bool ProtocolIsInForce() {
    if (state_.in_force) return true;
    const std::string message =
        fmt::format("{} {} is not in force: {}", protocol_->id.str(), protocol_->version, state_.explanation);
    if (state_.state == "draft" || state_.state == "awaiting_signatures" || state_.state == "rejected") {
      return Deny(Clause("signatures"), "not_adopted", message,
                  "the delegates named sign it: concordat protocol sign " + protocol_->id.str());
    }
    if (state_.state == "review_overdue") {
      return Deny(Clause("validity.review"), "review_overdue", message,
                  "the parties review it and agree on a new review date");
    }
    if (state_.state == "tests_failing") {
      return Deny(Clause("tests"), "not_in_force", message, "the parties mend the protocol or its tests");
    }
    if (state_.state == "drifted") {
      return Deny(Clause("signatures"), "not_in_force", message,
                  "the parties sign it anew over the changed contract: concordat protocol sign " +
                      protocol_->id.str());
    }
    const std::string_view key = state_.state == "revoked"   ? "signatures"
                                 : state_.state == "expired" ? "validity.until"
                                                             : "validity.from";
    return Deny(Clause(key), "not_in_force", message,
                "the parties sign a version whose validity covers today");
  }

  bool AsksForItsPurpose() {
    if (request_.purpose == protocol_->purpose_code) return true;
    return Deny(
        Clause("purpose"), "purpose",
        fmt::format("the data is shared for {}, not for \"{}\"", protocol_->purpose_code, request_.purpose),
        fmt::format("ask with --purpose {} if that is what the data is for", protocol_->purpose_code));
  }

  // Administrators run the host; they are given no rows, whatever a share says.
  bool MayBeGivenRows() {
    if (request_.role != "administrator") return true;
    return Deny(Clause("parties"), "role", "an administrator of the host is given no rows",
                "ask as a steward or an analyst of a party");
  }

  bool IsSameDataset(const Share& share) const {
    if (share.dataset == request_.dataset) return true;
    const auto* asked = policies_.FindDataset(request_.dataset).second;
    return asked != nullptr && asked == policies_.FindDataset(share.dataset).second;
  }

  // Says so when a version that is not in force yet would grant it.
  std::string WithNewer(std::string message, const std::vector<std::string>& fields) const {
    const std::string newer = NotYetAdopted(policies_, *protocol_, request_.partner, request_.dataset, fields,
                                            facts_, request_.time);
    return newer.empty() ? message : fmt::format("{}; {}", message, newer);
  }

  std::vector<const Share*> SharesForRequest() {
    std::vector<const Share*> of_dataset;
    std::vector<const Share*> for_partner;
    std::vector<std::string> datasets;
    for (const Share& share : protocol_->shares) {
      datasets.push_back(share.dataset.str());
      if (!IsSameDataset(share)) continue;
      of_dataset.push_back(&share);
      if (Holds(share.to, request_.partner)) for_partner.push_back(&share);
    }
    if (of_dataset.empty()) {
      Deny(Clause("shares"), "no_protocol",
           WithNewer(fmt::format("{} shares no dataset \"{}\"", protocol_->id.str(), request_.dataset.str()),
                     {}),
           DidYouMean(request_.dataset.str(), datasets));
    } else if (for_partner.empty()) {
      Deny(Clause(of_dataset.front()->id), "not_a_party",
           WithNewer(fmt::format("{} is shared with others, not with {}", request_.dataset.str(),
                                 request_.partner.str()),
                     {}),
           "the parties would have to agree on a share for this partner");
    }
    return for_partner;
  }

  RulingWithShare TryShare(const Share& share) {
    Hearing attempt(*this);
    attempt.share_ = &share;
    attempt.result_.share = &share;
    attempt.result_.ruling.share = share.id;
    const bool permit = attempt.PartiesHaveSigned() && attempt.FieldsAreShared() &&
                        attempt.WhereIsAllowed() && attempt.ConditionHolds() && attempt.QualitySuffices() &&
                        attempt.DutiesCanBeDone();
    return permit ? attempt.Permitted() : attempt.Denied();
  }

  // Under "each" a protocol is in force before everybody has signed; this share needs its own parties.
  bool PartiesHaveSigned() {
    for (const PartnerId& partner : state_.missing) {
      if (partner != request_.partner && !Holds(share_->from, partner)) continue;
      return Deny(
          Clause("signatures"), "not_adopted",
          fmt::format("{} has not signed {} {}", partner.str(), protocol_->id.str(), protocol_->version),
          "its delegate signs it: concordat protocol sign " + protocol_->id.str());
    }
    return true;
  }

  const policy::ContractObject* Object() const { return policies_.FindDataset(share_->dataset).second; }

  bool FieldsAreShared() {
    const auto fields = SelectFields(*share_, request_.select);
    if (!fields.ok()) {
      return Deny(Clause(share_->id), "field_not_shared",
                  WithNewer(std::string(MessageOf(fields.status())), request_.select),
                  "leave the field out of --select; what a share does not list is never released");
    }
    for (const policy::FieldDuty* field : *fields)
      result_.ruling.release.push_back({field->field, field->duty});
    return true;
  }

  bool WhereIsAllowed() {
    if (request_.where.empty()) return true;
    const policy::ContractObject* object = Object();
    if (object == nullptr)
      return Deny(Clause(share_->id), "condition_failed", "the dataset has no contract", "");
    WhereProblem problem = JudgeWhere(request_.where, *share_, *object->schema);
    if (problem.cause.empty()) return true;
    const std::string_view mend = problem.cause == "condition_failed"
                                      ? "correct the expression of where"
                                      : "where may name only fields that the share releases as they are";
    return Deny(Clause(share_->id), std::move(problem.cause), std::move(problem.message), std::string(mend));
  }

  bool ConditionHolds() {
    WhenVerdict verdict = JudgeWhen(share_->when, request_, Affected(*share_, facts_.submissions));
    if (verdict.cause.empty()) return true;
    std::string mend = verdict.roles.empty()
                           ? "the request has to meet the share's when"
                           : fmt::format("ask somebody whose role is {}", fmt::join(verdict.roles, " or "));
    return Deny(Clause(share_->id), std::move(verdict.cause), std::move(verdict.message), std::move(mend));
  }

  bool QualitySuffices() {
    if (!share_->quality) return true;
    QualityVerdict verdict =
        JudgeQuality(*share_->quality, Affected(*share_, facts_.submissions), request_.time);
    result_.ruling.quality = std::move(verdict.measured);
    if (verdict.shortfalls.empty()) return true;
    if (!share_->quality->refuse) {
      for (Shortfall& shortfall : verdict.shortfalls)
        result_.ruling.caveats.push_back(std::move(shortfall.message));
      return true;
    }
    Shortfall& first = verdict.shortfalls.front();
    const bool stale = first.cause == "evidence_stale";
    return Deny(Clause(share_->id), std::move(first.cause), std::move(first.message),
                stale ? "the giving partner submits again"
                      : "the giving partner mends the submission: concordat submission mend");
  }

  bool DutiesCanBeDone() {
    for (const record::ReleasedField& field : result_.ruling.release) {
      const DutyKind* duty = FindDuty(field.form);
      if (duty == nullptr) {
        return Deny(Clause(share_->id), "duty_unavailable",
                    fmt::format("the duty \"{}\" cannot be carried out", field.form), "");
      }
      if (duty->needs_key && !facts_.pseudonym_key_available) {
        return Deny(Clause(share_->id), "key_unavailable",
                    fmt::format("the pseudonym key of {} is not there", protocol_->id.str()),
                    "the host's administrator restores the protocol's key");
      }
      result_.ruling.duties.push_back(fmt::format("{} {}", field.field, duty->in_words));
    }
    return true;
  }

  RulingWithShare Permitted() {
    record::Ruling& ruling = result_.ruling;
    ruling.permit = true;
    ruling.clause = Clause(share_->id);
    ruling.rows = share_->rows;
    if (!request_.where.empty()) {
      ruling.rows =
          share_->rows.empty() ? request_.where : fmt::format("({}) && ({})", share_->rows, request_.where);
    }
    ruling.message = fmt::format("{} may have {} fields of {} for {} under {} {}", request_.partner.str(),
                                 ruling.release.size(), request_.dataset.str(), request_.purpose,
                                 protocol_->id.str(), protocol_->version);
    return std::move(result_);
  }

  const PolicySet& policies_;
  const AccessRequest& request_;
  const Facts& facts_;
  const SharingProtocol* protocol_ = nullptr;
  const Share* share_ = nullptr;
  ProtocolState state_;
  RulingWithShare result_;
};

}  // namespace

RulingWithShare Rule(const PolicySet& policies, const AccessRequest& request, const Facts& facts) {
  return Hearing(policies, request, facts).Run();
}

}  // namespace concordat::sharing
