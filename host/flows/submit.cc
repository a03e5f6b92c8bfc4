#include "host/flows/submit.h"

#include <unistd.h>

#include <set>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/flows/due.h"
#include "host/flows/history.h"
#include "host/flows/keep_source.h"
#include "host/flows/mend_file.h"
#include "host/flows/receipts.h"
#include "host/flows/rectify.h"
#include "host/flows/references.h"
#include "host/flows/result_json.h"
#include "host/flows/same_file.h"
#include "host/flows/sign_off.h"
#include "host/flows/storing_sink.h"
#include "host/flows/text_array.h"

namespace concordat::flows {
namespace {

// One attempt on its way through the story.
struct Story {
  FeedPlan plan;
  policy::Period period;
  std::optional<store::Attempt> current;  // what it would supersede
  std::optional<store::Attempt> base;     // what it mends
  Source source;
  FileDescriptor base_source;  // keeps the mended attempt's source open
  adapters::CorrectionSet corrections;
  std::string data_digest;
  SubmissionId id;
  absl::Time received;
  int attempt = 1;  // of this feed and period
  std::string shared_source;  // the attempt that keeps the file, when another output of the same file does
  std::vector<std::string> warnings;
};

absl::Status OpenBase(const HostParts& host, const SubmitRequest& request, Spool& spool, Story& story) {
  const store::Attempt& base = *story.base;
  std::set<uint64_t> held_back;
  RETURN_IF_ERROR(host.store->VisitQuarantined(base.id, [&](const store::QuarantinedRecord& record) {
    held_back.insert(record.record);
    return absl::OkStatus();
  }));
  if (held_back.empty()) {
    return absl::FailedPreconditionError(fmt::format("{} has no held-back records to mend", base.id.str()));
  }
  const adapters::Manifest* delimited = host.catalog->Find("delimited");
  if (delimited == nullptr)
    return absl::FailedPreconditionError(
        "mended files are read by the adapter \"delimited\", which is not installed");
  ASSIGN_OR_RETURN(const std::vector<std::string> columns, host.store->SourceColumns(base.id));
  ASSIGN_OR_RETURN(
      adapters::CorrectionSet mended,
      ReadMendFile(*delimited, host.worker, host.limits,
                   {spool.fd(), request.source_name, spool.bytes(), "", spool.key()}, columns, held_back));
  // What is held back and not in the file stays behind: the new submission is the accepted records plus the
  // mended ones.
  std::set<uint64_t> left = held_back;
  for (const adapters::Correction& correction : mended.corrections) left.erase(correction.record);
  for (const uint64_t record : left) mended.corrections.push_back({record, true, {}});
  if (!left.empty()) {
    story.warnings.push_back(
        fmt::format("{} held-back records of {} are not mended in {} and stay behind with {}", left.size(),
                    base.id.str(), request.source_name, base.id.str()));
  }
  ASSIGN_OR_RETURN(adapters::CorrectionSet earlier, CorrectionsFromJson(base.corrections));
  story.corrections = MergeCorrections(std::move(earlier), mended);
  absl::StatusOr<KeptSource> kept = OpenKeptSource(host, base);
  if (!kept.ok()) {
    return absl::FailedPreconditionError(
        fmt::format("the source of {} is no longer kept (see keep_source of feed {}); submit the whole file "
                    "again with --reason",
                    base.id.str(), base.feed.str()));
  }
  story.base_source = std::move(kept->file);
  story.source = std::move(kept->source);
  story.data_digest = DigestOf(base.source_digest + CorrectionsToJson(story.corrections));
  return absl::OkStatus();
}

absl::Status FindPredecessors(const HostParts& host, const SubmitRequest& request, Spool& spool,
                              Story& story) {
  ASSIGN_OR_RETURN(story.current, host.store->Current(request.feed, story.period.id));
  store::SubmissionStore::Filter same_period;
  same_period.feed = request.feed;
  same_period.period = story.period.id;
  same_period.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(same_period));
  for (const store::Attempt& attempt : attempts) story.attempt = std::max(story.attempt, attempt.number + 1);
  if (!request.mends.empty()) {
    ASSIGN_OR_RETURN(story.base, host.store->Get(request.mends));
    return OpenBase(host, request, spool, story);
  }
  story.data_digest = spool.FinishDigest();
  story.source = {spool.fd(), request.source_name, spool.bytes(), story.data_digest, spool.key()};
  return absl::OkStatus();
}

bool IsRepeated(const Story& story) {
  return story.current && story.current->source_digest == story.data_digest &&
         story.current->policy_digest == story.plan.policies->set->digest;
}

// A whole new file replaces the period's submission only for a reason; mending the current one is a reason in
// itself.
absl::Status RequireReason(const SubmitRequest& request, const Story& story) {
  if (!story.current || !request.reason.empty()) return absl::OkStatus();
  if (story.base && story.base->id == story.current->id) return absl::OkStatus();
  return absl::FailedPreconditionError(
      fmt::format("{} already has submission {} for {} ({} records accepted, received {}). To replace it say "
                  "why: --reason \"...\"; "
                  "to mend held-back records: concordat submission mend {} FILE",
                  request.feed.str(), story.current->id.str(), story.period.id, story.current->accepted,
                  TimeText(story.current->received), story.current->id.str()));
}

absl::StatusOr<quality::RunContext> ContextOf(const HostParts& host, const SubmitRequest& request,
                                              const Story& story) {
  quality::RunContext context;
  context.as_of = story.received;
  context.period = story.period;
  context.on_host = true;
  context.received = story.received;
  if (story.plan.feed->schedule) context.due = DueTime(*story.plan.feed->schedule, story.period);
  context.samples = request.samples;
  context.threads = DefaultJudgingThreads();
  ASSIGN_OR_RETURN(const std::optional<store::Attempt> same,
                   host.store->SameBytes(request.feed, story.data_digest, story.period.id));
  if (same) context.repeated_bytes = fmt::format("submission {} for {}", same->id.str(), same->period);
  context.previous = [&host, &story] {
    return PreviousSubmissionOf(*host.store, story.plan.policies->set->partnership, story.plan.feed->id,
                                story.period);
  };
  context.dataset = [&host, policies = story.plan.policies](const DatasetId& dataset) {
    return DatasetTable(*host.store, *policies->set, dataset);
  };
  return context;
}

PipelineRun RunOf(const HostParts& host, const SubmitRequest& request, const Story& story,
                  quality::RunContext context, StoringSink& sink) {
  PipelineRun run;
  run.plan = story.plan;
  run.source = story.source;
  run.context = std::move(context);
  run.corrections = story.corrections;
  run.refuse_mend_file = !story.base;
  run.worker = host.worker;
  run.limits = host.limits;
  run.findings = &sink;
  run.records = &sink;
  run.progress = request.progress;
  run.cancelled = request.cancelled;
  return run;
}

// A rejected attempt is mended like any other, so every record of it is kept aside with its reasons.
absl::Status HoldBackAll(PipelineRun run, store::AttemptWriter& writer) {
  RETURN_IF_ERROR(writer.DropRows());
  StoringSink sink(writer, /*all_held_back=*/true);
  run.findings = &sink;
  run.records = &sink;
  run.progress = nullptr;
  RETURN_IF_ERROR(JudgeSource(run).status());
  return sink.Finish();
}

absl::StatusOr<Judged> JudgeAndStage(const HostParts& host, const SubmitRequest& request, const Story& story,
                                     store::AttemptWriter& writer) {
  ASSIGN_OR_RETURN(quality::RunContext context, ContextOf(host, request, story));
  StoringSink sink(writer, /*all_held_back=*/false);
  const PipelineRun run = RunOf(host, request, story, std::move(context), sink);
  ASSIGN_OR_RETURN(Judged judged, JudgeSource(run));
  RETURN_IF_ERROR(sink.Finish());
  if (judged.outcome.decision.verdict == record::Verdict::kReject && !judged.source_unreadable) {
    RETURN_IF_ERROR(HoldBackAll(run, writer));
  }
  RETURN_IF_ERROR(writer.Seal(judged.record_columns));
  return judged;
}

// The dataset may have become an open one between the first byte and the last; its source then stays sealed
// and unreadable, as if it were not kept.
absl::Status KeepKey(const policy::ContractObject& object, const Spool& spool, store::AttemptWriter& writer) {
  return data::AnyConfidential(*object.schema) ? writer.PutSourceKey(spool.key()) : absl::OkStatus();
}

void WarnWhenHalved(const record::Scorecard& card, Story& story) {
  if (!story.current || story.base || card.accepted * 2 > story.current->accepted) return;
  story.warnings.push_back(fmt::format("{} records where {} had {}: check that the extract is complete",
                                       card.accepted, story.current->id.str(), story.current->accepted));
}

// A quarter holds its months: both submissions stay in force, and whoever receives the dataset receives their
// records twice.
absl::Status WarnOfOverlap(const HostParts& host, const SubmitRequest& request, const Judged& judged,
                           Story& story) {
  if (judged.outcome.decision.verdict == record::Verdict::kReject) return absl::OkStatus();
  store::SubmissionStore::Filter in_force;
  in_force.feed = request.feed;
  in_force.touching = {story.period.from, story.period.to};
  in_force.current_only = true;
  in_force.brief = true;
  const policy::Partnership& partnership = story.plan.policies->set->partnership;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(in_force));
  for (const store::Attempt& attempt : attempts) {
    const auto other =
        policy::ParsePeriod(attempt.period, partnership.year_start_month, partnership.year_start_day);
    if (attempt.period == story.period.id || !other.ok()) continue;
    if (other->to < story.period.from || story.period.to < other->from) continue;
    story.warnings.push_back(
        fmt::format("{} covers days of {}, too: {} is in force for that period, and records of both leave; "
                    "withdraw the one whose period is wrong",
                    story.period.id, attempt.period, attempt.id.str()));
  }
  return absl::OkStatus();
}

store::Attempt AttemptOf(const SubmitRequest& request, const Story& story, const Judged& judged) {
  const bool accepted = judged.outcome.decision.verdict != record::Verdict::kReject;
  store::Attempt attempt;
  attempt.id = story.id;
  attempt.feed = request.feed;
  attempt.partner = story.plan.feed->partner;
  attempt.dataset = story.plan.feed->dataset();
  attempt.period = story.period.id;
  attempt.days = {story.period.from, story.period.to};
  attempt.number = story.attempt;
  attempt.verdict = judged.outcome.decision.verdict;
  attempt.state = accepted ? "current" : "rejected";
  attempt.supersedes = accepted && story.current ? story.current->id.str() : "";
  attempt.reason = request.reason;
  attempt.submitter = request.caller.spiffe_id;
  attempt.received = story.received;
  if (story.plan.feed->schedule) attempt.due = DueTime(*story.plan.feed->schedule, story.period);
  attempt.source_name = story.source.name;
  attempt.source_bytes = story.source.bytes;
  attempt.source_digest = story.data_digest;
  attempt.policy_digest = story.plan.policies->set->digest;
  attempt.contract_digest = story.plan.contract->digest;
  attempt.mends = story.base ? story.base->id.str() : "";
  attempt.root_source = story.base                     ? story.base->root_source
                        : story.shared_source.empty() ? story.id.str()
                                                      : story.shared_source;
  attempt.corrections = story.corrections.corrections.empty() ? "" : CorrectionsToJson(story.corrections);
  attempt.accepted = judged.outcome.scorecard.accepted;
  attempt.total = judged.outcome.scorecard.total;
  return attempt;
}

ReceiptDraft DraftOf(const store::Attempt& attempt, const Story& story, const Judged& judged) {
  ReceiptDraft draft;
  const bool accepted = attempt.verdict != record::Verdict::kReject;
  draft.kind = accepted ? record::ReceiptKind::kSubmission : record::ReceiptKind::kRefusal;
  draft.subject = {{"submission", attempt.id.str()},   {"feed", attempt.feed.str()},
                   {"partner", attempt.partner.str()}, {"dataset", attempt.dataset.str()},
                   {"period", attempt.period},         {"submitter", attempt.submitter}};
  if (!attempt.supersedes.empty()) draft.subject["supersedes"] = attempt.supersedes;
  if (!attempt.mends.empty()) draft.subject["mends"] = attempt.mends;
  if (!attempt.reason.empty()) draft.subject["reason"] = attempt.reason;
  draft.digests = {{"data", attempt.source_digest},
                   {"policy", attempt.policy_digest},
                   {"contract", attempt.contract_digest},
                   {"adapter", story.plan.manifest->digest}};
  draft.decision = record::VerdictName(attempt.verdict);
  draft.reasons = judged.outcome.decision.reasons;
  const record::Scorecard& card = judged.outcome.scorecard;
  draft.records = {{"total", card.total},
                   {"accepted", card.accepted},
                   {"quarantined", card.quarantined},
                   {"unreadable", card.unreadable}};
  draft.partner = attempt.partner;
  draft.summary =
      fmt::format("{} {} {}: {}", attempt.feed.str(), attempt.period, attempt.id.str(), draft.decision);
  return draft;
}

// Source first, then the log, then the one row that makes it visible: a crash between two of them leaves
// nothing half visible and nothing acknowledged that is not there.
absl::StatusOr<SubmitResult> Conclude(const HostParts& host, const SubmitRequest& request, Story& story,
                                      Judged judged, Spool& spool) {
  WarnWhenHalved(judged.outcome.scorecard, story);
  RETURN_IF_ERROR(WarnOfOverlap(host, request, judged, story));
  store::Attempt attempt = AttemptOf(request, story, judged);
  if (!story.base && story.shared_source.empty())
    RETURN_IF_ERROR(spool.KeepAs(host.SourceOf(attempt.id.str())));
  const ReceiptDraft draft = DraftOf(attempt, story, judged);
  ASSIGN_OR_RETURN(const record::Receipt receipt, AppendReceipt(host, draft));
  RETURN_IF_ERROR(FileReceipt(host, draft, receipt));
  SubmitResult result;
  result.result = JudgementJson(story.plan, story.source, story.period, story.received, judged);
  result.result["submission"] = attempt.id.str();
  result.result["attempt"] = attempt.number;
  result.result["receipt"] = json::TextOr(receipt.body, "id", "");
  if (!attempt.supersedes.empty()) result.result["supersedes"] = attempt.supersedes;
  if (!attempt.mends.empty()) result.result["mends"] = attempt.mends;
  if (!story.warnings.empty()) result.result["warnings"] = TextArray(story.warnings);
  result.receipt = receipt.ToJson();
  attempt.result = result.result;
  attempt.result.as_object().erase("timing");
  attempt.receipt = result.receipt;
  RETURN_IF_ERROR(host.store->Publish(attempt));
  RETURN_IF_ERROR(OweCorrections(host, attempt));
  result.outcome = std::move(judged.outcome);
  result.id = attempt.id;
  return result;
}

// Recipients that an earlier try left untold are told now.
absl::StatusOr<SubmitResult> Repeated(const HostParts& host, const store::Attempt& first) {
  RETURN_IF_ERROR(OweCorrections(host, first));
  SubmitResult result;
  result.result = first.result.as_object();
  result.receipt = first.receipt;
  result.outcome.decision.verdict = first.verdict;
  result.id = first.id;
  result.repeated = true;
  return result;
}

// 2026-Q3 and 2026/27-Q2 are the same days: the name that the feed used first stands for both.
absl::StatusOr<policy::Period> NamedAsBefore(const HostParts& host, const FeedId& feed,
                                             const policy::Partnership& partnership, policy::Period period) {
  store::SubmissionStore::Filter of_feed;
  of_feed.feed = feed;
  of_feed.touching = {period.from, period.to};
  of_feed.brief = true;
  ASSIGN_OR_RETURN(const std::vector<store::Attempt> attempts, host.store->List(of_feed));
  for (const store::Attempt& attempt : attempts) {
    const auto earlier =
        policy::ParsePeriod(attempt.period, partnership.year_start_month, partnership.year_start_day);
    if (earlier.ok() && earlier->from == period.from && earlier->to == period.to) return *earlier;
  }
  return period;
}

// The period it is for; of a mended one, that of what it mends.
absl::StatusOr<policy::Period> PeriodOf(const HostParts& host, const SubmitRequest& request) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const FeedPlan plan, PlanFeed(policies, *host.catalog, request.feed));
  RETURN_IF_ERROR(
      RequireRole(request.caller, plan.feed->partner, {"steward"}, "submit to feed " + request.feed.str()));
  if (request.mends.empty()) {
    const policy::Partnership& partnership = policies->set->partnership;
    ASSIGN_OR_RETURN(policy::Period period, policy::ParsePeriod(request.period, partnership.year_start_month,
                                                                partnership.year_start_day));
    return NamedAsBefore(host, request.feed, partnership, std::move(period));
  }
  ASSIGN_OR_RETURN(const store::Attempt base, host.store->Get(request.mends));
  if (base.feed != request.feed) {
    return absl::InvalidArgumentError(
        fmt::format("{} belongs to feed {}, not to {}", base.id.str(), base.feed.str(), request.feed.str()));
  }
  if (base.state != "current" && base.state != "rejected") {
    return absl::FailedPreconditionError(
        fmt::format("{} is {}; mend the current submission of {}", base.id.str(), base.state, base.period));
  }
  return policy::ParsePeriod(base.period, policies->set->partnership.year_start_month,
                             policies->set->partnership.year_start_day);
}

// `sealed_source`: of several outputs of one file, the attempt of a confidential one, which alone may hold the
// key of the sealed source; the open ones are mended from there.
absl::StatusOr<SubmitResult> SubmitOne(const HostParts& host, const SubmitRequest& request, Spool& spool,
                                       std::string& sealed_source) {
  Story story;
  ASSIGN_OR_RETURN(story.period, PeriodOf(host, request));
  RETURN_IF_ERROR(RequireNoneSignedOff(host, request.feed, story.period));
  ASSIGN_OR_RETURN(story.plan, PlanFeed(host.policies->Get(), *host.catalog, request.feed));
  const Turn turn(*host.turns, request.feed, story.period.id);
  if (!turn.taken()) {
    return absl::AbortedError(fmt::format(
        "another submission for {} {} is under way; wait for its result, then send this one again",
        request.feed.str(), story.period.id));
  }
  // Somebody may have signed it off since it was admitted; nobody can from here on.
  RETURN_IF_ERROR(RequireNoneSignedOff(host, request.feed, story.period));
  story.received = host.clock->Now();
  RETURN_IF_ERROR(spool.Finish());
  RETURN_IF_ERROR(FindPredecessors(host, request, spool, story));
  const bool confidential = data::AnyConfidential(*story.plan.object->schema);
  if (IsRepeated(story)) {
    if (confidential) sealed_source = story.current->root_source;
    return Repeated(host, *story.current);
  }
  RETURN_IF_ERROR(RequireReason(request, story));
  if (!confidential && !spool.key().empty()) story.shared_source = sealed_source;
  story.id = SubmissionId(NewRandomId("S-"));
  ASSIGN_OR_RETURN(const std::unique_ptr<store::AttemptWriter> writer,
                   host.store->Begin(story.id, story.plan.feed->dataset(), story.plan.object->schema));
  if (!story.base && !spool.key().empty()) RETURN_IF_ERROR(KeepKey(*story.plan.object, spool, *writer));
  ASSIGN_OR_RETURN(Judged judged, JudgeAndStage(host, request, story, *writer));
  ASSIGN_OR_RETURN(SubmitResult result, Conclude(host, request, story, std::move(judged), spool));
  if (confidential) sealed_source = result.id.str();
  return result;
}

// What would refuse an output before it is judged, so that no other stands alone.
absl::Status AdmitOutput(const HostParts& host, const SubmitRequest& request, Spool& spool) {
  ASSIGN_OR_RETURN(const policy::Period period, PeriodOf(host, request));
  Story story;
  ASSIGN_OR_RETURN(story.plan, PlanFeed(host.policies->Get(), *host.catalog, request.feed));
  story.period = period;
  RETURN_IF_ERROR(FindPredecessors(host, request, spool, story));
  return IsRepeated(story) ? absl::OkStatus() : RequireReason(request, story);
}

bool IsConfidential(const policy::PolicySet& policies, const FeedId& id) {
  const policy::Feed* feed = policies.FindFeed(id);
  const policy::ContractObject* object = feed == nullptr ? nullptr : policies.FindDataset(feed->dataset()).second;
  return object != nullptr && data::AnyConfidential(*object->schema);
}

// An output that could not be judged; sending the file again makes up for it.
SubmitResult CouldNot(const FeedId& feed, const absl::Status& status) {
  SubmitResult result;
  result.result = {{"feed", feed.str()}, {"couldNotEvaluate", true}, {"error", std::string(MessageOf(status))}};
  return result;
}

}  // namespace

absl::StatusOr<policy::Period> AdmitSubmission(const HostParts& host, const SubmitRequest& request) {
  ASSIGN_OR_RETURN(policy::Period period, PeriodOf(host, request));
  RETURN_IF_ERROR(RequireNoneSignedOff(host, request.feed, period));
  if (!request.mends.empty()) return period;
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  for (const policy::Feed* other : FeedsOfSameFile(*policies->set, request.feed))
    RETURN_IF_ERROR(RequireNoneSignedOff(host, other->id, period));
  return period;
}

absl::StatusOr<SubmitResult> Submit(const HostParts& host, const SubmitRequest& request, Spool& spool) {
  std::vector<SubmitRequest> others;
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  if (request.mends.empty()) {
    for (const policy::Feed* other : FeedsOfSameFile(*policies->set, request.feed)) {
      others.push_back(request);
      others.back().feed = other->id;
    }
  }
  others.insert(others.begin(), request);
  if (others.size() > 1) RETURN_IF_ERROR(spool.Finish());
  for (size_t i = 0; others.size() > 1 && i < others.size(); ++i)
    RETURN_IF_ERROR(AdmitOutput(host, others[i], spool));
  std::string sealed_source;
  std::vector<size_t> order;  // confidential ones first: they keep the file
  for (const bool wanted : {true, false}) {
    for (size_t i = 0; i < others.size(); ++i) {
      if (IsConfidential(*policies->set, others[i].feed) == wanted) order.push_back(i);
    }
  }
  std::vector<absl::StatusOr<SubmitResult>> results(others.size());
  for (const size_t i : order) results[i] = SubmitOne(host, others[i], spool, sealed_source);
  if (!results[0].ok()) return results[0].status();
  SubmitResult result = *std::move(results[0]);
  json::Array outputs;
  for (size_t i = 1; i < results.size(); ++i) {
    result.outputs.push_back(results[i].ok() ? *std::move(results[i])
                                             : CouldNot(others[i].feed, results[i].status()));
    outputs.push_back(result.outputs.back().result);
  }
  if (!outputs.empty()) result.result["outputs"] = std::move(outputs);
  return result;
}

absl::StatusOr<json::Value> Withdraw(const HostParts& host, const WithdrawRequest& request) {
  if (request.reason.empty()) return absl::InvalidArgumentError("say why it is withdrawn: --reason \"...\"");
  ASSIGN_OR_RETURN(const store::Attempt attempt, host.store->Get(request.id));
  RETURN_IF_ERROR(RequireRole(request.caller, attempt.partner, {"steward"}, "withdraw " + request.id.str()));
  const Turn turn(*host.turns, attempt.feed, attempt.period);
  if (!turn.taken()) return Busy(attempt, "withdraw it");
  RETURN_IF_ERROR(RequireNotSignedOff(host, attempt.feed, attempt.period));
  if (attempt.state != "current") {
    return absl::FailedPreconditionError(
        fmt::format("{} is {}; only a current submission can be withdrawn", attempt.id.str(), attempt.state));
  }
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"submission", attempt.id.str()},
                   {"feed", attempt.feed.str()},
                   {"partner", attempt.partner.str()},
                   {"period", attempt.period},
                   {"action", "withdraw"},
                   {"submitter", request.caller.spiffe_id}};
  draft.digests = {{"data", attempt.source_digest}, {"policy", attempt.policy_digest}};
  draft.decision = "withdrawn";
  draft.reasons = {{"withdrawal", request.reason}};
  draft.records = {{"total", attempt.total}, {"accepted", attempt.accepted}};
  draft.partner = attempt.partner;
  draft.summary = fmt::format("{} {} {}: withdrawn", attempt.feed.str(), attempt.period, attempt.id.str());
  ASSIGN_OR_RETURN(json::Value receipt, IssueReceipt(host, draft));
  RETURN_IF_ERROR(host.store->Withdraw(request.id, request.reason, receipt));
  return receipt;
}

}  // namespace concordat::flows
