#include "host/flows/assessment_import.h"

#include <algorithm>
#include <charconv>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/flows/answer_file.h"
#include "host/flows/assessment_answers.h"
#include "host/flows/obligations.h"
#include "host/flows/text_array.h"
#include "host/policy/issue_json.h"

namespace concordat::flows {
namespace {

// A file that is wrong in every line must not outgrow what one reply may hold.
constexpr size_t kMostIssues = 500;

using store::AssessmentEvent;

bool SameName(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

// By its number or its name.
std::optional<int> LevelFrom(const std::string& text, const policy::AssessmentTemplate& form) {
  int number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = end.ec == std::errc() && end.ptr == text.data() + text.size();
  for (const policy::ScaleLevel& level : form.scale) {
    if ((whole && level.level == number) || SameName(level.name, text)) return level.level;
  }
  return std::nullopt;
}

std::string LevelsOf(const policy::AssessmentTemplate& form) {
  std::vector<std::string> levels;
  for (const policy::ScaleLevel& level : form.scale)
    levels.push_back(fmt::format("{} ({})", level.level, level.name));
  return fmt::format("{}", fmt::join(levels, ", "));
}

/// Judges a file against what stands and gathers what it would change.
class Importer {
 public:
  Importer(const HostParts& host, const Caller& caller, const OpenedAssessment& opened, Issues& issues)
      : host_(host), caller_(caller), opened_(opened), issues_(issues) {}

  void Add(const AnswerFile& file) {
    RequireSame(file.assessment, opened_.assessment.id, "assessment");
    RequireSame(file.template_id, opened_.assessment.template_id, "template");
    RequireSame(file.version, opened_.assessment.template_version, "version");
    for (const FileItem& item : file.items) AddItem(item);
  }

  const std::vector<AssessmentEvent>& events() const { return events_; }
  /// Items in the order of the file.
  const std::vector<std::string>& changed() const { return changed_; }

 private:
  void RequireSame(const FileText& given, const std::string& wanted, const char* what) {
    if (!given.given() || given.text == wanted) return;
    issues_.Error(given.place, "other-assessment",
                  fmt::format("the file is for {} {}, and this is {}", what, given.text, wanted),
                  "name the right assessment, or remove the line");
  }

  void AddItem(const FileItem& item) {
    const auto found = FindItem(opened_, item.id.text);
    if (!found.ok()) {
      issues_.Error(item.id.place, "unknown-item", std::string(MessageOf(found.status())));
      return;
    }
    AddAnswer(item);
    AddOwner(item);
    for (const FileEvidence& evidence : item.evidence) AddEvidence(item, **found, evidence);
  }

  bool ArePlain(const FileText& text, std::string_view what) {
    if (!text.given()) return true;
    const absl::Status status = RequireWords(text.text, what, "");
    if (!status.ok()) issues_.Error(text.place, "bad-text", std::string(MessageOf(status)));
    return status.ok();
  }

  std::optional<int> LevelOf(const FileItem& item, const ItemRecord& record) {
    if (!item.level.given()) {
      if (item.comment.given() && !record.level) {
        issues_.Error(item.comment.place, "missing-level",
                      "a comment belongs to an answer, and the item has none", "give its level, too");
      }
      return record.level;
    }
    const std::optional<int> level = LevelFrom(item.level.text, opened_.form);
    if (!level) {
      issues_.Error(item.level.place, "unknown-level",
                    fmt::format("\"{}\" is no level of the scale", item.level.text), LevelsOf(opened_.form));
    }
    return level;
  }

  void AddAnswer(const FileItem& item) {
    if (!item.level.given() && !item.comment.given()) return;
    const ItemRecord& record = opened_.record.Of(item.id.text);
    const std::optional<int> level = LevelOf(item, record);
    if (!ArePlain(item.comment, "comment") || !level) return;
    const std::string& comment = item.comment.given() ? item.comment.text : record.said.text;
    if (level == record.level && comment == record.said.text) return;
    AddEvent("answer", item.id.text, {{"level", *level}, {"comment", comment}});
  }

  void AddOwner(const FileItem& item) {
    if (!item.owner.given() || !ArePlain(item.owner, "owner")) return;
    if (opened_.record.Of(item.id.text).owner != item.owner.text)
      AddEvent("assign", item.id.text, {{"owner", item.owner.text}});
  }

  void AddEvidence(const FileItem& item, const policy::AssessmentItem& asked, const FileEvidence& evidence) {
    const auto checked = CheckedEvidence({evidence.kind.text, evidence.title.text, evidence.reference.text,
                                          evidence.digest.text, evidence.expires.text},
                                         asked, caller_, host_.clock->Now());
    if (!checked.ok()) {
      issues_.Error(evidence.place, "bad-evidence", std::string(MessageOf(checked.status())));
      return;
    }
    const ItemRecord& record = opened_.record.Of(item.id.text);
    const bool known =
        std::any_of(record.evidence.begin(), record.evidence.end(), [&](const EvidenceRecord& one) {
          return !one.withdrawn && one.attached.kind == checked->kind &&
                 one.attached.title == checked->title && one.attached.reference == checked->reference &&
                 one.attached.digest == checked->digest && one.attached.expires == checked->expires;
        });
    if (!known) AddEvent("evidence", item.id.text, EvidenceBody(*checked));
  }

  void AddEvent(const char* kind, const std::string& item, json::Object body) {
    events_.push_back({0, kind, item, caller_.spiffe_id, host_.clock->Now(), std::move(body)});
    if (changed_.empty() || changed_.back() != item) changed_.push_back(item);
  }

  const HostParts& host_;
  const Caller& caller_;
  const OpenedAssessment& opened_;
  Issues& issues_;
  std::vector<AssessmentEvent> events_;
  std::vector<std::string> changed_;
};

absl::StatusOr<AnswerFile> Read(const ImportRequest& request, Issues& issues) {
  auto source = std::make_shared<SourceText>();
  source->name = request.name.empty() ? "answers" : request.name;
  source->text = request.text;
  if (request.format == "csv") return ReadAnswerCsv(source, issues);
  if (request.format == "yaml") return ReadAnswerYaml(source, issues);
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is no form of a file of answers: yaml or csv", request.format));
}

}  // namespace

absl::StatusOr<json::Value> ImportAnswers(const HostParts& host, const Caller& caller,
                                          const ImportRequest& request) {
  const AssessmentTurn turn(host, request.assessment);
  ASSIGN_OR_RETURN(const store::Assessment assessment, host.store->GetAssessment(request.assessment));
  RETURN_IF_ERROR(RequireAnswerer(caller, assessment, "import answers"));
  ASSIGN_OR_RETURN(const OpenedAssessment opened, OpenAssessment(host, request.assessment));
  Issues issues;
  ASSIGN_OR_RETURN(const AnswerFile file, Read(request, issues));
  Importer importer(host, caller, opened, issues);
  importer.Add(file);
  issues.SortAndDeduplicate();
  const bool imported = !issues.has_errors() && !request.dry_run;
  if (imported && !importer.events().empty())
    RETURN_IF_ERROR(
        host.store->AddAssessmentEvents(request.assessment, importer.events(), {"open", "", {}, {}}));
  json::Array told = policy::IssuesToJson(issues).as_array();
  const size_t more = told.size() > kMostIssues ? told.size() - kMostIssues : 0;
  told.resize(told.size() - more);
  return json::Object{{"imported", imported},
                      {"changed", TextArray(importer.changed())},
                      {"issues", std::move(told)},
                      {"moreIssues", more}};
}

}  // namespace concordat::flows
