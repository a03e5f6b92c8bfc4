#include "host/flows/assessment_steps.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/digest.h"
#include "host/flows/assessment_report.h"
#include "host/flows/frozen_history.h"
#include "host/flows/obligations.h"
#include "host/flows/partner_history.h"
#include "host/flows/receipts.h"
#include "host/identity/spiffe_id.h"

namespace concordat::flows {
namespace {

using store::AssessmentEvent;

// What a refusal may cost in a gRPC trailer, where its text stands twice.
constexpr size_t kMostText = 2400;

/// What one step does, and what it is called.
struct Step {
  std::string to;
  AssessmentEvent event;
  std::string decision;  // of the receipt; empty: none is given
};

AssessmentEvent EventBy(const HostParts& host, const Caller& caller, const char* kind, json::Object body) {
  return {0, kind, "", caller.spiffe_id, host.clock->Now(), std::move(body)};
}

absl::StatusOr<OpenedAssessment> OpenIn(const HostParts& host, const store::Assessment& assessment,
                                        std::initializer_list<std::string_view> states,
                                        std::string_view what) {
  if (std::find(states.begin(), states.end(), assessment.state) != states.end())
    return OpenAssessment(host, assessment.id);
  std::string words = fmt::format("{}: {} is {}; that can be done only while it is {}", what, assessment.id,
                                  assessment.state, fmt::join(states, " or "));
  std::replace(words.begin(), words.end(), '_', ' ');
  return absl::FailedPreconditionError(std::move(words));
}

// Somebody who does not judge their own: another partner's moderator, or the administrator.
absl::Status RequireModerator(const Caller& caller, const store::Assessment& assessment,
                              std::string_view what) {
  if (caller.administrator) return absl::OkStatus();
  if (caller.role != "moderator") {
    return absl::PermissionDeniedError(
        fmt::format("{}: that needs a certificate with role moderator of another partner, or the "
                    "administrator; this one is {}",
                    what, caller.spiffe_id));
  }
  if (caller.partner != assessment.partner) return absl::OkStatus();
  return absl::PermissionDeniedError(fmt::format(
      "{}: nobody moderates their own, and {} is of {} as you are; ask a moderator of another partner", what,
      assessment.id, assessment.partner.str()));
}

absl::Status RequireSecondPerson(const Caller& caller, const OpenedAssessment& opened,
                                 std::string_view what) {
  RETURN_IF_ERROR(RequireStaff(caller, opened.assessment, {"steward", "delegate"}, what));
  const std::optional<Remark>& submitted = opened.record.submitted;
  if (!submitted || PersonOf(submitted->by) != PersonOf(caller.spiffe_id)) return absl::OkStatus();
  return absl::PermissionDeniedError(
      fmt::format("{}: it was submitted by {}; a second steward or a delegate of {} must do that", what,
                  identity::PersonInWords(submitted->by), opened.assessment.partner.str()));
}

/// Lines that fit a refusal; the ids of what is left over.
class Mending {
 public:
  void Add(const std::string& id, const std::string& line) {
    if (text_.size() + line.size() <= kMostText) {
      text_ += "\n  " + line;
    } else {
      rest_.push_back(id);
    }
  }
  std::string Text() const {
    return rest_.empty() ? text_ : fmt::format("{}\n  and: {}", text_, fmt::join(rest_, ", "));
  }

 private:
  std::string text_;
  std::vector<std::string> rest_;
};

std::string HowToAnswer(const OpenedAssessment& opened, const std::string& item) {
  const bool review = opened.record.Of(item).review_needed;
  return fmt::format("{} ({}): concordat assess answer {} {} {}", item, opened.form.FindItem(item)->question,
                     opened.assessment.id, item, review ? "--confirm, or --level N" : "--level N");
}

std::string HowToAttach(const OpenedAssessment& opened, const std::string& item) {
  const policy::AssessmentItem& asked = *opened.form.FindItem(item);
  return fmt::format("{} ({}) needs evidence ({}): concordat assess evidence {} {}", item, asked.question,
                     fmt::join(asked.evidence.accepts, ", "), opened.assessment.id, item);
}

absl::Status RequireComplete(const OpenedAssessment& opened, const assess::Position& position) {
  const size_t open = position.open_mandatory.size();
  const size_t missing = position.missing_evidence.size();
  if (open + missing == 0) return absl::OkStatus();
  Mending mending;
  for (const std::string& item : position.open_mandatory) mending.Add(item, HowToAnswer(opened, item));
  for (const std::string& item : position.missing_evidence) mending.Add(item, HowToAttach(opened, item));
  std::string what;
  if (open > 0) what = fmt::format("{} mandatory item{} open", open, open == 1 ? " is" : "s are");
  if (missing > 0) {
    what += fmt::format("{}{} without the evidence that {} must have", what.empty() ? "" : ", ", missing,
                        missing == 1 ? "it" : "they");
  }
  return absl::FailedPreconditionError(
      fmt::format("{} cannot be submitted yet: {}{}", opened.assessment.id, what, mending.Text()));
}

ReceiptDraft DraftOf(const OpenedAssessment& opened, const Step& step, const json::Value& document) {
  const store::Assessment& assessment = opened.assessment;
  ReceiptDraft draft;
  draft.kind = record::ReceiptKind::kSubmission;
  draft.subject = {{"assessment", assessment.id},
                   {"template", assessment.template_id},
                   {"version", assessment.template_version},
                   {"partner", assessment.partner.str()},
                   {"cycle", assessment.cycle},
                   {"by", step.event.by}};
  if (!assessment.group.empty()) draft.subject["group"] = assessment.group;
  draft.digests = {{"data", DigestOf(json::Canonical(document))}, {"template", assessment.template_digest}};
  draft.decision = step.decision;
  draft.partner = assessment.partner;
  draft.summary = fmt::format("self-assessment {} {} of {}: {}", assessment.template_id, assessment.cycle,
                              assessment.partner.str(), step.decision);
  return draft;
}

// The document as it is after the step; the receipt's digest is over it, without the receipt's own id.
absl::StatusOr<json::Object> DocumentAfter(const HostParts& host, const std::vector<AssessmentEvent>& past,
                                           const Step& step, OpenedAssessment& opened) {
  std::vector<AssessmentEvent> events = past;
  events.push_back(step.event);
  opened.record = FoldEvents(events);
  opened.record.receipt.clear();
  if (!step.to.empty()) opened.assessment.state = step.to;
  if (opened.record.submitted) opened.assessment.submitted = opened.record.submitted->at;
  ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(host, opened));
  return AssessmentJson(host, opened, position);
}

absl::StatusOr<json::Value> TakeStep(const HostParts& host, OpenedAssessment opened, Step step) {
  const std::string from = opened.assessment.state;
  ASSIGN_OR_RETURN(const std::vector<AssessmentEvent> past,
                   host.store->AssessmentEvents(opened.assessment.id));
  const std::string last_receipt = opened.record.receipt;
  ASSIGN_OR_RETURN(json::Object document, DocumentAfter(host, past, step, opened));
  std::string receipt_id = last_receipt;
  if (!step.decision.empty()) {
    ASSIGN_OR_RETURN(const json::Value receipt, IssueReceipt(host, DraftOf(opened, step, document)));
    receipt_id = json::TextOr(receipt, "id", "");
    step.event.body.as_object()["receipt"] = receipt_id;
  }
  document["receipt"] = receipt_id.empty() ? json::Value(nullptr) : json::Value(receipt_id);
  store::AssessmentStore::AssessmentStep change{from, step.to, json::Value(document), {}};
  if (step.event.kind == "submit") change.submitted = step.event.at;
  RETURN_IF_ERROR(host.store->AddAssessmentEvents(opened.assessment.id, {step.event}, change));
  return document;
}

// What evidence was drawn from goes into the event, so that no later submission changes it.
absl::StatusOr<Step> SubmitStep(const HostParts& host, const Caller& caller, const OpenedAssessment& opened) {
  Step step{"submitted", EventBy(host, caller, "submit", {{"category", opened.category}}), "submitted"};
  ASSIGN_OR_RETURN(assess::History history, HistoryOfPartner(host, opened.assessment.partner, step.event.at));
  step.event.body.as_object()["history"] =
      HistoryToJson(HistoryFor(opened.form, std::move(history), step.event.at));
  return step;
}

}  // namespace

absl::StatusOr<json::Value> SubmitAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& id) {
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireStaff(caller, assessment, {"steward"}, "submit"));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenIn(host, assessment, {"open"}, "submit"));
  ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(host, opened));
  RETURN_IF_ERROR(RequireComplete(opened, position));
  ASSIGN_OR_RETURN(Step step, SubmitStep(host, caller, opened));
  return TakeStep(host, opened, std::move(step));
}

absl::StatusOr<json::Value> SignOffAssessment(const HostParts& host, const Caller& caller,
                                              const std::string& id, const std::string& comment) {
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireStaff(caller, assessment, {"steward", "delegate"}, "sign off"));
  ASSIGN_OR_RETURN(OpenedAssessment opened, OpenIn(host, assessment, {"submitted"}, "sign off"));
  RETURN_IF_ERROR(RequireSecondPerson(caller, opened, "sign off"));
  if (!comment.empty()) RETURN_IF_ERROR(RequireWords(comment, "--comment", ""));
  Step step{"signed_off", EventBy(host, caller, "sign_off", {{"comment", comment}}), "signed_off"};
  return TakeStep(host, std::move(opened), std::move(step));
}

absl::StatusOr<json::Value> ReturnAssessment(const HostParts& host, const Caller& caller,
                                             const std::string& id, const std::string& reason) {
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  const bool own = !caller.administrator && caller.partner == assessment.partner;
  RETURN_IF_ERROR(own ? RequireStaff(caller, assessment, {"steward", "delegate"}, "return")
                      : RequireModerator(caller, assessment, "return"));
  ASSIGN_OR_RETURN(const OpenedAssessment opened,
                   OpenIn(host, assessment, {"submitted", "signed_off"}, "return"));
  if (own) RETURN_IF_ERROR(RequireSecondPerson(caller, opened, "return"));
  RETURN_IF_ERROR(RequireWords(reason, "--reason", "what has to be looked at again"));
  const AssessmentEvent event =
      EventBy(host, caller, "return", {{"reason", reason}, {"frozen", assessment.frozen}});
  RETURN_IF_ERROR(host.store->AddAssessmentEvents(id, {event}, {assessment.state, "open", {}, {}}));
  ASSIGN_OR_RETURN(const OpenedAssessment after, OpenAssessment(host, id));
  ASSIGN_OR_RETURN(json::Object document, DocumentOf(host, after));
  return document;
}

absl::StatusOr<json::Value> ModerateItem(const HostParts& host, const Caller& caller, const std::string& id,
                                         const std::string& item, int level, const std::string& reason) {
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireModerator(caller, assessment, "moderate"));
  ASSIGN_OR_RETURN(OpenedAssessment opened, OpenIn(host, assessment, {"signed_off"}, "moderate"));
  RETURN_IF_ERROR(FindItem(opened, item).status());
  RETURN_IF_ERROR(RequireLevel(opened.form, level));
  RETURN_IF_ERROR(RequireWords(reason, "--reason", "why the level changes"));
  const ItemRecord& record = opened.record.Of(item);
  if (!record.level)
    return absl::FailedPreconditionError(fmt::format("{} has no claim that could be moderated", item));
  if (level == (record.moderated ? record.moderated->to : *record.level))
    return absl::InvalidArgumentError(fmt::format("{} stands at level {} already", item, level));
  Step step{"",
            EventBy(host, caller, "moderate", {{"from", *record.level}, {"to", level}, {"reason", reason}}),
            ""};
  step.event.item = item;
  return TakeStep(host, std::move(opened), std::move(step));
}

absl::StatusOr<json::Value> FinishModeration(const HostParts& host, const Caller& caller,
                                             const std::string& id, const std::string& summary) {
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireModerator(caller, assessment, "moderate"));
  ASSIGN_OR_RETURN(OpenedAssessment opened,
                   OpenIn(host, assessment, {"signed_off"}, "finish the moderation"));
  if (!summary.empty()) RETURN_IF_ERROR(RequireWords(summary, "--summary", ""));
  Step step{"moderated", EventBy(host, caller, "moderate", {{"summary", summary}}), "moderated"};
  return TakeStep(host, std::move(opened), std::move(step));
}

absl::StatusOr<json::Value> PublishAssessment(const HostParts& host, const Caller& caller,
                                              const std::string& id) {
  RETURN_IF_ERROR(RequireAdministrator(caller, "publish an assessment"));
  const AssessmentTurn turn(host, id);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  ASSIGN_OR_RETURN(OpenedAssessment opened, OpenIn(host, assessment, {"signed_off", "moderated"}, "publish"));
  Step step{"published", EventBy(host, caller, "publish", {}), "published"};
  return TakeStep(host, std::move(opened), std::move(step));
}

absl::Status RefreshDocument(const HostParts& host, const std::string& id) {
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, id));
  if (opened.assessment.state == "open") return absl::OkStatus();
  ASSIGN_OR_RETURN(const assess::Position position, PositionOfAssessment(host, opened));
  return host.store->AddAssessmentEvents(
      id, {}, {opened.assessment.state, "", json::Value(AssessmentJson(host, opened, position)), {}});
}

}  // namespace concordat::flows
