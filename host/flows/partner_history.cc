#include "host/flows/partner_history.h"

#include <algorithm>
#include <map>
#include <set>

#include "host/flows/due.h"
#include "host/sharing/protocol_state.h"
#include "host/store/administration.h"

namespace concordat::flows {
namespace {

bool IsAccepted(const store::Attempt& attempt) { return attempt.verdict != record::Verdict::kReject; }

// Erasing a withdrawn submission does not bring it back.
bool IsWithdrawn(const store::Attempt& attempt) {
  return attempt.state == "withdrawn" || !attempt.withdrawn_reason.empty();
}

void AddRules(const json::Value& result, std::vector<assess::RuleStanding>& rules) {
  const json::Value* list = json::Find(result, "rules");
  if (list == nullptr || !list->is_array()) return;
  for (const json::Value& rule : list->get_array()) {
    rules.push_back({json::TextOr(rule, "id", ""), json::TextOr(rule, "severity", ""),
                     json::TextOr(rule, "status", ""), json::TextOr(rule, "state", "enforced") == "enforced",
                     /*accepted=*/false});
  }
}

void AddDimensions(const json::Value& result, std::vector<std::pair<std::string, double>>& dimensions) {
  const json::Value* list = json::Find(result, "dimensions");
  if (list == nullptr || !list->is_array()) return;
  for (const json::Value& dimension : list->get_array()) {
    const json::Value* score = json::Find(dimension, "score");
    if (score != nullptr && score->is_number())
      dimensions.emplace_back(json::TextOr(dimension, "dimension", ""), score->to_number<double>());
  }
}

assess::DuePeriod DuePeriodOf(const policy::Feed& feed, const FeedPeriod& period) {
  assess::DuePeriod due{feed.id.str(), feed.dataset().str(), period.period.id, period.due, std::nullopt};
  bool stands = false;
  for (const store::Attempt* attempt : period.attempts) {
    if (!IsAccepted(*attempt)) continue;
    if (!due.received) due.received = attempt->received;
    stands = stands || !IsWithdrawn(*attempt);
  }
  if (!stands) due.received.reset();
  return due;
}

absl::Status AddPeriods(const HostParts& host, const PartnerId& partner,
                        const std::vector<store::Attempt>& attempts, absl::Time now,
                        assess::History& history) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  for (const policy::Feed& feed : policies->set->feeds) {
    if (feed.partner != partner) continue;
    ASSIGN_OR_RETURN(const std::vector<FeedPeriod> periods,
                     EndedPeriods(*policies->set, feed, attempts, now));
    for (const FeedPeriod& period : periods) {
      if (period.due < now) history.periods.push_back(DuePeriodOf(feed, period));
    }
  }
  return absl::OkStatus();
}

// What people said beside the rules: accepted warnings that have not expired, and sign-offs that were not
// reopened. Of a submission and rule the newest acceptance counts, of a feed and period the newest sign-off.
absl::Status AddJudgements(const HostParts& host, const PartnerId& partner, absl::Time now,
                           assess::History& history) {
  store::JudgementStore::JudgementFilter filter;
  filter.partner = partner;
  ASSIGN_OR_RETURN(const std::vector<store::Acceptance> acceptances, host.store->Acceptances(filter));
  std::map<std::pair<std::string, std::string>, bool> accepted;
  const std::string today = TimeText(now).substr(0, 10);
  for (const store::Acceptance& one : acceptances) {
    if (one.at <= now) accepted[{one.submission.str(), one.rule}] = one.until >= today;
  }
  ASSIGN_OR_RETURN(const std::vector<store::SignOff> steps, host.store->SignOffs(filter));
  std::map<std::pair<FeedId, std::string>, const store::SignOff*> newest;
  for (const store::SignOff& step : steps) {
    if (step.at <= now) newest[{step.feed, step.period}] = &step;
  }
  std::map<std::string, std::string> assurance;
  for (const auto& [period, step] : newest) {
    if (!step->reopened) assurance[step->submission.str()] = step->assurance;
  }
  for (assess::HistoryEntry& entry : history.entries) {
    if (const auto found = assurance.find(entry.submission); found != assurance.end())
      entry.assurance = found->second;
    for (assess::RuleStanding& rule : entry.rules) {
      const auto found = accepted.find({entry.submission, rule.id});
      rule.accepted = found != accepted.end() && found->second;
    }
  }
  return absl::OkStatus();
}

absl::Status AddTasks(const HostParts& host, const PartnerId& partner, assess::History& history) {
  ASSIGN_OR_RETURN(const std::vector<store::Obligation> obligations,
                   host.store->ListObligations({.partner = partner}));
  for (const store::Obligation& obligation : obligations)
    history.tasks.push_back({obligation.kind, obligation.id, obligation.due, obligation.closed_at});
  ASSIGN_OR_RETURN(const std::vector<store::ImprovementAction> actions,
                   host.store->ListActions({.partner = partner}));
  for (const store::ImprovementAction& action : actions) {
    if (action.state != "cancelled")
      history.tasks.push_back({"action", action.id, action.due, action.closed_at});
  }
  return absl::OkStatus();
}

// Whether the protocol still binds whoever received under it last.
bool InForceFor(const AgreementsNow& agreements, const store::StoredReceipt& disclosure,
                const ProtocolId& protocol) {
  const json::Value* subject = json::Find(disclosure.receipt, "subject");
  const std::string dataset = subject == nullptr ? "" : json::TextOr(*subject, "dataset", "");
  const sharing::Governing& governing =
      agreements.states.Of(protocol, PartnerId(disclosure.partner), DatasetId(dataset));
  return governing.protocol != nullptr && governing.state.in_force && !governing.givers.empty();
}

absl::Status AddProtocols(const HostParts& host, FactsCache& facts, const PartnerId& partner, absl::Time now,
                          assess::History& history) {
  store::ReceiptFilter used;
  used.seen_by = partner;
  used.kind = "disclosure";
  used.until = now + absl::Seconds(1);
  ASSIGN_OR_RETURN(const std::vector<store::ReceiptSum> sums, host.store->SumReceipts(used));
  std::set<std::string> protocols;
  for (const store::ReceiptSum& sum : sums) protocols.insert(sum.protocol);
  protocols.erase("");
  if (protocols.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::shared_ptr<const AgreementsNow> agreements,
                   facts.Agreements(host, host.policies->Get(), now));
  used.limit = 1;
  for (const std::string& protocol : protocols) {
    used.protocol = ProtocolId(protocol);
    ASSIGN_OR_RETURN(const std::vector<store::StoredReceipt> newest, host.store->FindReceipts(used));
    if (newest.empty()) continue;
    history.protocols.push_back(
        {protocol, newest.front().time, InForceFor(*agreements, newest.front(), used.protocol)});
  }
  return absl::OkStatus();
}

// Of the host's backups, which hold every partner's data.
absl::Status AddRestores(const HostParts& host, absl::Time now, assess::History& history) {
  ASSIGN_OR_RETURN(const std::vector<store::BackupNote> backups,
                   store::AdministrationOf(*host.store).Backups());
  for (const store::BackupNote& backup : backups) {
    if (backup.at <= now) history.restores.push_back({backup.at, backup.restored});
  }
  return absl::OkStatus();
}

}  // namespace

assess::HistoryEntry HistoryEntryOf(const store::Attempt& attempt) {
  assess::HistoryEntry entry;
  entry.submission = attempt.id.str();
  entry.feed = attempt.feed.str();
  entry.dataset = attempt.dataset.str();
  entry.period = attempt.period;
  entry.received = attempt.received;
  entry.first_attempt = attempt.number == 1;
  entry.accepted = IsAccepted(attempt);
  entry.clean = attempt.verdict == record::Verdict::kAccept;
  entry.current = attempt.state == "current";
  if (attempt.due) entry.on_time = attempt.received <= *attempt.due;
  const json::Value* score = json::Find(attempt.result, "score");
  if (score != nullptr && score->is_number()) entry.score = score->to_number<double>();
  AddDimensions(attempt.result, entry.dimensions);
  AddRules(attempt.result, entry.rules);
  return entry;
}

absl::StatusOr<assess::History> HistoryOfPartner(const HostParts& host, const PartnerId& partner,
                                                 absl::Time now) {
  FactsCache own;
  FactsCache& facts = host.facts == nullptr ? own : *host.facts;
  store::SubmissionStore::Filter filter;
  filter.partner = partner;
  ASSIGN_OR_RETURN(std::vector<store::Attempt> attempts, host.store->List(filter));
  std::erase_if(attempts, [now](const store::Attempt& attempt) { return attempt.received > now; });
  assess::History history;
  for (const store::Attempt& attempt : attempts) history.entries.push_back(HistoryEntryOf(attempt));
  RETURN_IF_ERROR(AddPeriods(host, partner, attempts, now, history));
  RETURN_IF_ERROR(AddJudgements(host, partner, now, history));
  RETURN_IF_ERROR(AddTasks(host, partner, history));
  RETURN_IF_ERROR(AddProtocols(host, facts, partner, now, history));
  ASSIGN_OR_RETURN(history.log, facts.WholeLog(host, now));
  RETURN_IF_ERROR(AddRestores(host, now, history));
  return history;
}

}  // namespace concordat::flows
