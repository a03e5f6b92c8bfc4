#include "host/flows/carry_over.h"

#include <algorithm>

namespace concordat::flows {
namespace {

json::Array EvidenceFor(const policy::AssessmentItem& item, const ItemRecord& record) {
  const std::vector<std::string>& accepts = item.evidence.accepts;
  json::Array list;
  for (const EvidenceRecord& evidence : record.evidence) {
    const bool accepted = std::find(accepts.begin(), accepts.end(), evidence.attached.kind) != accepts.end();
    if (accepted && !evidence.withdrawn) list.push_back(CarriedEvidenceBody(evidence.attached));
  }
  return list;
}

std::optional<int> LevelFor(const policy::AssessmentTemplate& form, const ItemRecord& record) {
  const std::optional<int> level = record.moderated ? std::optional<int>(record.moderated->to) : record.level;
  return level && form.FindLevel(*level) != nullptr ? level : std::nullopt;
}

}  // namespace

absl::StatusOr<std::vector<store::AssessmentEvent>> CarriedOverFrom(const HostParts& host,
                                                                    const Caller& caller,
                                                                    const store::Assessment& last,
                                                                    const policy::AssessmentTemplate& form) {
  ASSIGN_OR_RETURN(const std::vector<store::AssessmentEvent> past, host.store->AssessmentEvents(last.id));
  const AssessmentRecord record = FoldEvents(past);
  std::vector<store::AssessmentEvent> events;
  const auto add = [&](const char* kind, const std::string& item, json::Object body) {
    events.push_back({0, kind, item, caller.spiffe_id, host.clock->Now(), std::move(body)});
  };
  for (const policy::AssessmentTheme& theme : form.themes) {
    for (const policy::AssessmentItem& item : theme.items) {
      const ItemRecord& before = record.Of(item.id);
      const std::optional<int> level = LevelFor(form, before);
      json::Array evidence = EvidenceFor(item, before);
      if (!before.owner.empty()) add("assign", item.id, {{"owner", before.owner}});
      if (!level && evidence.empty()) continue;
      json::Object body{{"level", level ? json::Value(*level) : json::Value(nullptr)},
                        {"comment", before.said.text},
                        {"from", last.id},
                        {"cycle", last.cycle},
                        {"by", before.said.by},
                        {"at", TimeText(before.said.at)},
                        {"evidence", std::move(evidence)}};
      add("carry_over", item.id, std::move(body));
    }
  }
  return events;
}

}  // namespace concordat::flows
