#include "tools/concordat/walk/walk_desk.h"

#include <algorithm>
#include <chrono>

#include "fmt/format.h"
#include "tools/concordat/render/assessment_text.h"
#include "tools/concordat/render/assessment_words.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/source_file.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

using Stub = v1::AssessmentService::Stub;

template <typename Request>
absl::StatusOr<json::Value> Ask(const Connection& connection,
                                grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                             v1::AssessmentJson*),
                                const Request& request) {
  const auto stub = v1::AssessmentService::NewStub(connection.channel);
  return CallJson<Stub, Request, v1::AssessmentJson>(connection, *stub, method, request);
}

std::string Lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool Flag(const json::Value& object, std::string_view member) {
  const json::Value& value = Member(object, member);
  return value.is_bool() && value.get_bool();
}

std::vector<std::string> OpenIds(const json::Value& assessment) {
  std::vector<std::string> open;
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) {
      if (IsOpen(item)) open.push_back(Words(item, "id"));
    }
  }
  return open;
}

}  // namespace

absl::StatusOr<EvidenceDraft> DocumentDraft(const std::string& path) {
  ASSIGN_OR_RETURN(const SourceFile file, OpenSource(path));
  ASSIGN_OR_RETURN(const std::string digest, DigestOfFile(file));
  return EvidenceDraft{"document", file.name, file.name, digest, ""};
}

std::string AttestationTitle(const std::string& words) {
  constexpr size_t kLongest = 60;
  return CutTo(Harmless(words), kLongest);
}

EvidenceDraft AttestationDraft(const std::string& words) {
  return {"attestation", AttestationTitle(words), words, "", ""};
}

EvidenceDraft LinkDraft(const std::string& address) { return {"link", address, address, "", ""}; }

WalkDesk::WalkDesk(Connection connection, json::Value assessment, WalkScope scope)
    : connection_(std::move(connection)),
      scope_(std::move(scope)),
      assessment_(std::move(assessment)),
      id_(json::TextOr(assessment_, "id", "")) {}

const json::Value& WalkDesk::Item(std::string_view id) const {
  static const json::Value null;
  const json::Value* found = FindItem(assessment_, id);
  return found == nullptr ? null : *found;
}

bool WalkDesk::InScope(const json::Value& item) const {
  if (!IsAsked(item)) return false;
  if (!scope_.owner.empty() && Lower(json::TextOr(item, "owner", "")) != Lower(scope_.owner)) return false;
  return scope_.all || IsOpen(item);
}

std::string WalkDesk::NextAfter(std::string_view after) const {
  bool behind = after.empty();
  for (const json::Value& theme : ItemsOf(assessment_, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) {
      const std::string id = json::TextOr(item, "id", "");
      if (behind && InScope(item)) return id;
      behind = behind || id == after;
    }
  }
  return "";
}

size_t WalkDesk::Remaining() const {
  size_t count = 0;
  for (const json::Value& theme : ItemsOf(assessment_, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) count += InScope(item) && IsOpen(item) ? 1 : 0;
  }
  return count;
}

absl::Status WalkDesk::Keep(absl::StatusOr<json::Value> answer) {
  RETURN_IF_ERROR(answer.status());
  // An answer that is no assessment would leave the walk without questions.
  if (ItemsOf(*answer, "themes").empty()) return Refresh();
  assessment_ = *std::move(answer);
  return absl::OkStatus();
}

absl::Status WalkDesk::Answer(const std::string& item, int level, const std::string& comment) {
  const json::Value& before = Item(item);
  v1::AnswerItemRequest request;
  request.set_assessment(id_);
  request.set_item(item);
  request.set_level(level);
  request.set_comment(comment);
  request.set_confirm(Flag(before, "reviewNeeded") && LevelOf(Member(before, "claimed")) == level &&
                      json::TextOr(before, "comment", "") == comment);
  return Keep(Ask(connection_, &Stub::AnswerItem, request));
}

absl::Status WalkDesk::Assign(const std::string& item, const std::string& owner) {
  v1::AssignItemsRequest request;
  request.set_assessment(id_);
  request.add_items(item);
  request.set_owner(owner);
  return Keep(Ask(connection_, &Stub::AssignItems, request));
}

absl::Status WalkDesk::Remark(const std::string& item, const std::string& text) {
  v1::CommentItemRequest request;
  request.set_assessment(id_);
  request.set_item(item);
  request.set_text(text);
  return Keep(Ask(connection_, &Stub::CommentItem, request));
}

bool WalkDesk::IsAttached(const std::string& item, const EvidenceDraft& draft) const {
  const json::Array& attached = ItemsOf(Item(item), "attached");
  return std::any_of(attached.begin(), attached.end(), [&](const json::Value& one) {
    return json::TextOr(one, "kind", "") == draft.kind &&
           json::TextOr(one, "reference", "") == draft.reference &&
           json::TextOr(one, "digest", "") == draft.digest;
  });
}

absl::Status WalkDesk::Attach(const std::string& item, const EvidenceDraft& draft, bool again) {
  if (again) {
    RETURN_IF_ERROR(Refresh());
    if (IsAttached(item, draft)) return absl::OkStatus();
  }
  v1::AddEvidenceRequest request;
  request.set_assessment(id_);
  request.set_item(item);
  request.set_kind(draft.kind);
  request.set_title(draft.title);
  request.set_reference(draft.reference);
  request.set_digest(draft.digest);
  request.set_expires(draft.expires);
  return Keep(Ask(connection_, &Stub::AddEvidence, request));
}

absl::Status WalkDesk::Refresh() {
  v1::GetAssessmentRequest request;
  request.set_assessment(id_);
  ASSIGN_OR_RETURN(assessment_, Ask(connection_, &Stub::GetAssessment, request));
  return absl::OkStatus();
}

void WalkDesk::WaitForHost() const {
  connection_.channel->WaitForConnected(std::chrono::system_clock::now() + std::chrono::seconds(5));
}

bool MayTryAgain(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kUnimplemented:
      return false;
    default:
      return !status.ok();
  }
}

std::string WalkSummary(const WalkDesk& desk, size_t width) {
  constexpr size_t kMostNamed = 8;
  const json::Value& assessment = desk.assessment();
  std::string text = fmt::format("{}: {} of {} answered, all of it saved\n", desk.id(),
                                 CountOf(assessment, "answered"), CountOf(assessment, "items"));
  const std::vector<std::string> open = OpenIds(assessment);
  std::string names;
  for (size_t i = 0; i < open.size() && i < kMostNamed; ++i) names += (i == 0 ? "" : ", ") + open[i];
  if (open.size() > kMostNamed) names += fmt::format(" and {} more", open.size() - kMostNamed);
  if (!open.empty()) text += Indented("open: " + names, 2, width);
  for (const NextStep& step : NextSteps(assessment))
    text += Indented("next: " + step.what, 2, width) + "    " + step.command + "\n";
  return text;
}

}  // namespace concordat::cli
