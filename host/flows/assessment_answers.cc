#include "host/flows/assessment_answers.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/base/digest_text.h"
#include "host/flows/assessment_report.h"
#include "host/flows/obligations.h"

namespace concordat::flows {
namespace {

using store::AssessmentEvent;

AssessmentEvent EventBy(const HostParts& host, const Caller& caller, std::string kind, std::string item,
                        json::Object body) {
  return {0, std::move(kind), std::move(item), caller.spiffe_id, host.clock->Now(), std::move(body)};
}

// The assessment, if the caller may answer in it now.
absl::StatusOr<OpenedAssessment> OpenToAnswer(const HostParts& host, const Caller& caller,
                                              const std::string& id, std::string_view what) {
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(id));
  RETURN_IF_ERROR(RequireAnswerer(caller, assessment, what));
  return OpenAssessment(host, id);
}

absl::StatusOr<json::Value> AddAndShow(const HostParts& host, const std::string& id,
                                       const std::vector<AssessmentEvent>& events) {
  if (!events.empty()) RETURN_IF_ERROR(host.store->AddAssessmentEvents(id, events, {"open", "", {}, {}}));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, id));
  ASSIGN_OR_RETURN(json::Object document, DocumentOf(host, opened));
  return document;
}

// Optional words: as strict as required ones once there are any.
absl::Status RequireOptionalWords(const std::string& text, std::string_view option) {
  return text.empty() ? absl::OkStatus() : RequireWords(text, option, "");
}

absl::StatusOr<json::Object> BodyOf(const AnswerRequest& request, const ItemRecord& record,
                                    const policy::AssessmentTemplate& form) {
  if (request.confirm && request.withdraw)
    return absl::InvalidArgumentError("an answer is confirmed or withdrawn, not both");
  if (request.withdraw) {
    if (!record.level) return absl::FailedPreconditionError(request.item + " has no answer to withdraw");
    return json::Object{{"withdrawn", true}, {"comment", request.comment}};
  }
  if (!request.confirm) {
    RETURN_IF_ERROR(RequireLevel(form, request.level));
    return json::Object{{"level", request.level}, {"comment", request.comment}};
  }
  if (!record.review_needed) {
    return absl::FailedPreconditionError(fmt::format(
        "nothing was carried over for {} that waits for confirmation; answer it with --level", request.item));
  }
  return json::Object{{"confirmed", true},
                      {"level", *record.level},
                      {"comment", request.comment.empty() ? record.said.text : request.comment}};
}

// Items by id, or all of a theme.
absl::StatusOr<std::vector<std::string>> ItemsOf(const OpenedAssessment& opened,
                                                 const std::vector<std::string>& wanted) {
  std::vector<std::string> items;
  for (const std::string& id : wanted) {
    const auto theme = std::find_if(opened.form.themes.begin(), opened.form.themes.end(),
                                    [&](const policy::AssessmentTheme& one) { return one.id == id; });
    if (theme == opened.form.themes.end()) {
      RETURN_IF_ERROR(FindItem(opened, id).status());
      items.push_back(id);
      continue;
    }
    for (const policy::AssessmentItem& item : theme->items) items.push_back(item.id);
  }
  return items;
}

absl::Status RequireAddress(std::string_view link) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    const bool has_host = link.size() > scheme.size() && link[scheme.size()] != '/';
    if (link.substr(0, scheme.size()) == scheme && has_host && link.find(' ') == std::string_view::npos)
      return absl::OkStatus();
  }
  return absl::InvalidArgumentError(fmt::format(
      "\"{}\" is no address that others could follow; a link begins with https:// or http://", link));
}

absl::Status RequireKind(const EvidenceRequest& request, const policy::AssessmentItem& item) {
  const std::vector<std::string>& accepts = item.evidence.accepts;
  if (std::find(accepts.begin(), accepts.end(), request.kind) != accepts.end()) return absl::OkStatus();
  if (request.kind.empty() && !accepts.empty()) {
    return absl::InvalidArgumentError(
        fmt::format("this evidence has no kind; {} accepts {}", item.id, fmt::join(accepts, ", ")));
  }
  if (accepts.empty()) {
    return absl::InvalidArgumentError(fmt::format("nothing can be attached to {}: {}", item.id,
                                                  item.evidence.measures.empty()
                                                      ? "the answer itself counts"
                                                      : "what the host measures is its evidence"));
  }
  return absl::InvalidArgumentError(fmt::format("{} does not accept \"{}\" as evidence; it accepts {}",
                                                item.id, request.kind, fmt::join(accepts, ", ")));
}

absl::StatusOr<std::optional<absl::Time>> ExpiryIn(const std::string& text, absl::Time now) {
  if (text.empty()) return std::optional<absl::Time>();
  const std::optional<int64_t> day = policy::ParseDay(text);
  if (!day) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no date on which evidence expires; write it as 2027-03-31", text));
  }
  const absl::Time expires = EndOfDay(*day);
  if (expires >= now) return std::optional(expires);
  return absl::InvalidArgumentError(
      fmt::format("evidence that expired on {} is none any more; attach what is current", text));
}

}  // namespace

bool StandsAlready(const ItemRecord& record, int level, const std::string& comment) {
  return !record.review_needed && record.level == level && record.said.text == comment;
}

absl::StatusOr<json::Value> AnswerItem(const HostParts& host, const Caller& caller,
                                       const AnswerRequest& request) {
  const AssessmentTurn turn(host, request.assessment);
  ASSIGN_OR_RETURN(const OpenedAssessment opened,
                   OpenToAnswer(host, caller, request.assessment, "answer " + request.item));
  RETURN_IF_ERROR(FindItem(opened, request.item).status());
  RETURN_IF_ERROR(RequireOptionalWords(request.comment, "--comment"));
  const ItemRecord& record = opened.record.Of(request.item);
  ASSIGN_OR_RETURN(json::Object body, BodyOf(request, record, opened.form));
  const bool plain = !request.confirm && !request.withdraw;
  if (plain && StandsAlready(record, request.level, request.comment))
    return AddAndShow(host, request.assessment, {});
  return AddAndShow(host, request.assessment,
                    {EventBy(host, caller, "answer", request.item, std::move(body))});
}

absl::StatusOr<json::Value> CommentItem(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& item,
                                        const std::string& text) {
  const AssessmentTurn turn(host, assessment);
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenToAnswer(host, caller, assessment, "comment"));
  if (!item.empty()) RETURN_IF_ERROR(FindItem(opened, item).status());
  RETURN_IF_ERROR(RequireWords(text, "--text", "what you want to remark"));
  return AddAndShow(host, assessment, {EventBy(host, caller, "comment", item, {{"text", text}})});
}

absl::StatusOr<json::Value> AssignItems(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::vector<std::string>& items,
                                        const std::string& owner) {
  const AssessmentTurn turn(host, assessment);
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenToAnswer(host, caller, assessment, "assign items"));
  RETURN_IF_ERROR(RequireOptionalWords(owner, "--to"));
  if (items.empty()) return absl::InvalidArgumentError("name the items or themes to assign");
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ItemsOf(opened, items));
  std::vector<AssessmentEvent> events;
  for (const std::string& id : ids) {
    if (opened.record.Of(id).owner != owner)
      events.push_back(EventBy(host, caller, "assign", id, {{"owner", owner}}));
  }
  return AddAndShow(host, assessment, events);
}

absl::StatusOr<assess::AttachedEvidence> CheckedEvidence(const EvidenceRequest& request,
                                                         const policy::AssessmentItem& item,
                                                         const Caller& caller, absl::Time now) {
  RETURN_IF_ERROR(RequireKind(request, item));
  RETURN_IF_ERROR(RequireWords(request.title, "--title", "what it is"));
  RETURN_IF_ERROR(RequireWords(request.reference, "--reference",
                               request.kind == "attestation" ? "what is attested" : "where it is kept"));
  if (request.kind == "link") RETURN_IF_ERROR(RequireAddress(request.reference));
  if (!request.digest.empty() && !IsDigestText(request.digest)) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is no digest of a file: \"sha256:\" and 64 digits", request.digest));
  }
  assess::AttachedEvidence evidence;
  ASSIGN_OR_RETURN(evidence.expires, ExpiryIn(request.expires, now));
  evidence.id = NewRandomId("E-");
  evidence.kind = request.kind;
  evidence.title = request.title;
  evidence.reference = request.reference;
  evidence.digest = request.digest;
  evidence.by = caller.spiffe_id;
  evidence.given = now;
  return evidence;
}

absl::StatusOr<json::Value> AddEvidence(const HostParts& host, const Caller& caller,
                                        const std::string& assessment, const std::string& item,
                                        const EvidenceRequest& request) {
  const AssessmentTurn turn(host, assessment);
  ASSIGN_OR_RETURN(const OpenedAssessment opened,
                   OpenToAnswer(host, caller, assessment, "attach evidence to " + item));
  ASSIGN_OR_RETURN(const policy::AssessmentItem* found, FindItem(opened, item));
  ASSIGN_OR_RETURN(const assess::AttachedEvidence evidence,
                   CheckedEvidence(request, *found, caller, host.clock->Now()));
  return AddAndShow(host, assessment, {EventBy(host, caller, "evidence", item, EvidenceBody(evidence))});
}

absl::StatusOr<json::Value> WithdrawEvidence(const HostParts& host, const Caller& caller,
                                             const std::string& assessment, const std::string& evidence,
                                             const std::string& reason) {
  const AssessmentTurn turn(host, assessment);
  ASSIGN_OR_RETURN(const OpenedAssessment opened,
                   OpenToAnswer(host, caller, assessment, "withdraw " + evidence));
  RETURN_IF_ERROR(RequireWords(reason, "--reason", "why it no longer counts"));
  for (const auto& [item, record] : opened.record.items) {
    for (const EvidenceRecord& known : record.evidence) {
      if (known.attached.id != evidence || known.withdrawn) continue;
      return AddAndShow(
          host, assessment,
          {EventBy(host, caller, "withdraw_evidence", item, {{"id", evidence}, {"reason", reason}})});
    }
  }
  return absl::NotFoundError(fmt::format("{} has no evidence {} that still counts", assessment, evidence));
}

}  // namespace concordat::flows
