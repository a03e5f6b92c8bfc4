#include "host/flows/assessment_events.h"

#include <algorithm>

#include "host/base/clock.h"

namespace concordat::flows {
namespace {

using store::AssessmentEvent;

std::optional<int> NumberOf(const json::Value& body, std::string_view member) {
  const json::Value* value = json::Find(body, member);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return static_cast<int>(value->to_number<double>());
}

bool IsSet(const json::Value& body, std::string_view member) {
  const json::Value* value = json::Find(body, member);
  return value != nullptr && value->is_bool() && value->get_bool();
}

absl::Time TimeOr(const json::Value& body, std::string_view member, absl::Time fallback) {
  return ParseTime(json::TextOr(body, member, "")).value_or(fallback);
}

Remark RemarkOf(const AssessmentEvent& event, std::string_view member) {
  return {event.by, event.at, json::TextOr(event.body, member, "")};
}

assess::AttachedEvidence EvidenceOf(const json::Value& body, const std::string& by, absl::Time given) {
  assess::AttachedEvidence evidence;
  evidence.id = json::TextOr(body, "id", "");
  evidence.kind = json::TextOr(body, "kind", "");
  evidence.title = json::TextOr(body, "title", "");
  evidence.reference = json::TextOr(body, "reference", "");
  evidence.digest = json::TextOr(body, "digest", "");
  evidence.by = json::TextOr(body, "by", by);
  evidence.given = TimeOr(body, "given", given);
  if (const auto expires = ParseTime(json::TextOr(body, "expires", "")); expires.ok())
    evidence.expires = *expires;
  return evidence;
}

void Answer(const AssessmentEvent& event, ItemRecord& item) {
  item.level = IsSet(event.body, "withdrawn") ? std::nullopt : NumberOf(event.body, "level");
  item.said = RemarkOf(event, "comment");
  item.review_needed = false;
  ++item.revisions;
}

void CarryOver(const AssessmentEvent& event, ItemRecord& item) {
  CarriedOver carried;
  carried.level = NumberOf(event.body, "level");
  carried.cycle = json::TextOr(event.body, "cycle", "");
  carried.said = {json::TextOr(event.body, "by", event.by), TimeOr(event.body, "at", event.at),
                  json::TextOr(event.body, "comment", "")};
  item.level = carried.level;
  item.said = carried.said;
  item.review_needed = carried.level.has_value();
  item.carried = std::move(carried);
  const json::Value* evidence = json::Find(event.body, "evidence");
  if (evidence == nullptr || !evidence->is_array()) return;
  for (const json::Value& one : evidence->get_array())
    item.evidence.push_back({EvidenceOf(one, event.by, event.at), false});
}

void WithdrawEvidence(const AssessmentEvent& event, ItemRecord& item) {
  const std::string id = json::TextOr(event.body, "id", "");
  for (EvidenceRecord& evidence : item.evidence) evidence.withdrawn |= evidence.attached.id == id;
}

// The same level again is no moderation.
void ModerateItem(const AssessmentEvent& event, ItemRecord& item) {
  item.moderated.reset();
  const int from = NumberOf(event.body, "from").value_or(0);
  const int to = NumberOf(event.body, "to").value_or(from);
  if (from != to) item.moderated = ModeratedLevel{from, to, RemarkOf(event, "reason")};
}

void FoldItem(const AssessmentEvent& event, ItemRecord& item) {
  if (event.kind == "answer") Answer(event, item);
  if (event.kind == "carry_over") CarryOver(event, item);
  if (event.kind == "assign") item.owner = json::TextOr(event.body, "owner", "");
  if (event.kind == "comment") item.comments.push_back(RemarkOf(event, "text"));
  if (event.kind == "evidence") item.evidence.push_back({EvidenceOf(event.body, event.by, event.at), false});
  if (event.kind == "withdraw_evidence") WithdrawEvidence(event, item);
  if (event.kind == "moderate") ModerateItem(event, item);
}

void Submit(const AssessmentEvent& event, AssessmentRecord& record) {
  record.submitted = RemarkOf(event, "");
  record.category = json::TextOr(event.body, "category", "");
  const json::Value* history = json::Find(event.body, "history");
  record.history = history == nullptr ? json::Value(nullptr) : *history;
}

void Return(AssessmentRecord& record) {
  record.submitted.reset();
  record.signed_off.reset();
  record.moderated.reset();
  record.history = nullptr;
  record.category.clear();
  for (auto& [id, item] : record.items) item.moderated.reset();
}

void FoldWhole(const AssessmentEvent& event, AssessmentRecord& record) {
  if (event.kind == "comment") record.comments.push_back(RemarkOf(event, "text"));
  if (event.kind == "submit") Submit(event, record);
  if (event.kind == "sign_off") record.signed_off = RemarkOf(event, "comment");
  if (event.kind == "moderate") record.moderated = RemarkOf(event, "summary");
  if (event.kind == "publish") record.published = RemarkOf(event, "");
  if (event.kind == "return") Return(record);
  const std::string receipt = json::TextOr(event.body, "receipt", "");
  if (!receipt.empty()) record.receipt = receipt;
}

}  // namespace

const ItemRecord& AssessmentRecord::Of(const std::string& item) const {
  static const ItemRecord untouched;
  const auto found = items.find(item);
  return found == items.end() ? untouched : found->second;
}

AssessmentRecord FoldEvents(const std::vector<AssessmentEvent>& events) {
  AssessmentRecord record;
  for (const AssessmentEvent& event : events) {
    if (event.item.empty()) {
      FoldWhole(event, record);
    } else {
      FoldItem(event, record.items[event.item]);
    }
  }
  return record;
}

json::Object EvidenceBody(const assess::AttachedEvidence& evidence) {
  json::Object body{{"id", evidence.id},
                    {"kind", evidence.kind},
                    {"title", evidence.title},
                    {"reference", evidence.reference},
                    {"digest", evidence.digest}};
  body["expires"] = evidence.expires ? json::Value(TimeText(*evidence.expires)) : json::Value(nullptr);
  return body;
}

json::Object CarriedEvidenceBody(const assess::AttachedEvidence& evidence) {
  json::Object body = EvidenceBody(evidence);
  body["by"] = evidence.by;
  body["given"] = TimeText(evidence.given);
  return body;
}

}  // namespace concordat::flows
