#include "host/flows/partnership_view.h"

#include <algorithm>
#include <set>

#include "fmt/format.h"
#include "host/flows/assessment_cycles.h"
#include "host/flows/assessment_report.h"
#include "host/flows/charter.h"
#include "host/flows/group_agreement.h"

namespace concordat::flows {
namespace {

using store::Assessment;
using store::AssessmentCycle;

constexpr size_t kLeastInSpread = 3;  // other partners
constexpr size_t kLeastInSum = 2;

/// Everything about one template that the view is drawn from.
struct Source {
  std::vector<Assessment> assessments;  // oldest first
  std::vector<AssessmentCycle> cycles;  // newest first
  std::vector<store::ImprovementAction> actions;
};

absl::StatusOr<Source> SourceOf(const HostParts& host, const std::string& template_id) {
  Source source;
  ASSIGN_OR_RETURN(source.assessments, host.store->ListAssessments(std::nullopt));
  ASSIGN_OR_RETURN(source.cycles, host.store->ListCycles(template_id));
  ASSIGN_OR_RETURN(source.actions, host.store->ListActions({}));
  const auto other = [&](const auto& one) { return one.template_id != template_id; };
  source.assessments.erase(std::remove_if(source.assessments.begin(), source.assessments.end(), other),
                           source.assessments.end());
  source.actions.erase(std::remove_if(source.actions.begin(), source.actions.end(), other),
                       source.actions.end());
  return source;
}

/// Who looks, and what they may see of others.
struct Viewer {
  const Caller& caller;
  std::set<PartnerId> named;  // who shows itself by name

  bool Names(const PartnerId& partner) const {
    return caller.administrator || partner == caller.partner ||
           (named.count(caller.partner) > 0 && named.count(partner) > 0);
  }
  bool sees_names() const { return caller.administrator || named.count(caller.partner) > 0; }
};

bool IsHandedIn(const Assessment& assessment) {
  return assessment.state != "open" && assessment.frozen.is_object();
}

/// The assessments of one cycle that were handed in.
std::vector<const Assessment*> HandedIn(const Source& source, const std::string& cycle) {
  std::vector<const Assessment*> list;
  for (const Assessment& assessment : source.assessments) {
    if (assessment.cycle == cycle && IsHandedIn(assessment)) list.push_back(&assessment);
  }
  return list;
}

size_t OthersIn(const std::vector<const Assessment*>& assessments, const Caller& caller) {
  std::set<PartnerId> others;
  for (const Assessment* assessment : assessments) {
    if (caller.administrator || assessment->partner != caller.partner) others.insert(assessment->partner);
  }
  return others.size();
}

json::Value MemberOf(const json::Value& document, std::string_view member) {
  const json::Value* value = json::Find(document, member);
  return value == nullptr ? json::Value(nullptr) : *value;
}

std::map<std::string, int> ThemeLevels(const Assessment& assessment) {
  std::map<std::string, int> levels;
  const json::Value themes = MemberOf(assessment.frozen, "themes");
  if (!themes.is_array()) return levels;
  for (const json::Value& theme : themes.get_array()) {
    const json::Value level = MemberOf(theme, "level");
    if (level.is_number()) levels[json::TextOr(theme, "id", "")] = level.to_number<int>();
  }
  return levels;
}

json::Object ThemesJson(const Assessment& assessment) {
  json::Object object;
  for (const auto& [theme, level] : ThemeLevels(assessment)) object[theme] = level;
  return object;
}

void CountIn(json::Object& object, const std::string& key, int64_t more = 1) {
  json::Value& count = object[key];
  count = (count.is_number() ? count.to_number<int64_t>() : 0) + more;
}

json::Object LevelCounts(const std::vector<const Assessment*>& assessments) {
  json::Object counts;
  for (const Assessment* assessment : assessments) {
    const json::Value level = MemberOf(assessment->frozen, "level");
    if (level.is_number()) CountIn(counts, std::to_string(level.to_number<int>()));
  }
  return counts;
}

json::Object ThemeCounts(const std::vector<const Assessment*>& assessments) {
  std::map<std::string, json::Object> counts;
  for (const Assessment* assessment : assessments) {
    for (const auto& [theme, level] : ThemeLevels(*assessment)) CountIn(counts[theme], std::to_string(level));
  }
  json::Object object;
  for (auto& [theme, levels] : counts) object[theme] = std::move(levels);
  return object;
}

json::Object MeanLevels(const std::vector<const Assessment*>& assessments) {
  std::map<std::string, std::pair<int, int>> sums;  // theme -> sum, count
  for (const Assessment* assessment : assessments) {
    for (const auto& [theme, level] : ThemeLevels(*assessment)) {
      sums[theme].first += level;
      ++sums[theme].second;
    }
  }
  json::Object means;
  for (const auto& [theme, sum] : sums) means[theme] = static_cast<double>(sum.first) / sum.second;
  return means;
}

json::Value GapCounts(const std::vector<const Assessment*>& assessments) {
  json::Object sums;
  for (const Assessment* assessment : assessments) {
    const json::Value counts = MemberOf(assessment->frozen, "counts");
    if (!counts.is_object()) continue;
    for (const auto& [assurance, count] : counts.get_object()) {
      if (count.is_number()) CountIn(sums, std::string(assurance), count.to_number<int64_t>());
    }
  }
  return sums;
}

bool IsOverdue(const HostParts& host, const store::ImprovementAction& action) {
  return action.state == "open" && action.due < host.clock->Now();
}

json::Value ActionCounts(const HostParts& host, const Source& source, const std::string& cycle) {
  json::Object counts{{"open", 0}, {"overdue", 0}, {"closed", 0}};
  for (const store::ImprovementAction& action : source.actions) {
    if (action.cycle != cycle || action.state == "cancelled") continue;
    CountIn(counts, action.state);
    if (IsOverdue(host, action)) CountIn(counts, "overdue");
  }
  return counts;
}

/// Who takes part in the cycle: those it was opened for, and those who began of themselves.
struct Row {
  PartnerId partner;
  std::string group;
  const Assessment* assessment = nullptr;
};

std::vector<Row> RowsOf(const Source& source, const std::string& cycle) {
  std::vector<Row> rows;
  for (const AssessmentCycle& opened : source.cycles) {
    if (opened.cycle != cycle) continue;
    for (const PartnerId& partner : opened.partners) rows.push_back({partner, "", nullptr});
    for (const auto& [group, partner] : opened.groups) rows.push_back({partner, group, nullptr});
  }
  for (const Assessment& assessment : source.assessments) {
    if (assessment.cycle != cycle) continue;
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& known) {
      return known.partner == assessment.partner && known.group == assessment.group;
    });
    if (row == rows.end()) {
      rows.push_back({assessment.partner, assessment.group, &assessment});
    } else {
      row->assessment = &assessment;
    }
  }
  return rows;
}

int64_t OverdueOf(const HostParts& host, const Source& source, const Assessment* assessment) {
  if (assessment == nullptr) return 0;
  return std::count_if(source.actions.begin(), source.actions.end(),
                       [&](const store::ImprovementAction& action) {
                         return action.assessment == assessment->id && IsOverdue(host, action);
                       });
}

absl::StatusOr<json::Object> RowJson(const HostParts& host, const Source& source, const Row& row, bool you) {
  json::Object object{{"partner", row.partner.str()}, {"partnerName", NameOf(host, row.partner)}};
  object["group"] = row.group.empty() ? json::Value(nullptr) : json::Value(row.group);
  object["assessment"] = row.assessment == nullptr ? json::Value(nullptr) : json::Value(row.assessment->id);
  object["state"] = row.assessment == nullptr ? "not_started" : row.assessment->state;
  const bool handed_in = row.assessment != nullptr && IsHandedIn(*row.assessment);
  for (const char* member : {"level", "colour", "status", "counts"})
    object[member] = handed_in ? MemberOf(row.assessment->frozen, member) : json::Value(nullptr);
  object["themes"] = handed_in ? ThemesJson(*row.assessment) : json::Object();
  object["completion"] = 0.0;
  if (row.assessment != nullptr) {
    ASSIGN_OR_RETURN(const double completion, CompletionOf(host, *row.assessment));
    object["completion"] = completion;
  }
  object["overdueActions"] = OverdueOf(host, source, row.assessment);
  object["you"] = you;
  return object;
}

absl::StatusOr<json::Array> RowsJson(const HostParts& host, const Viewer& viewer, const Source& source,
                                     const std::vector<Row>& rows) {
  json::Array list;
  for (const Row& row : rows) {
    if (!viewer.Names(row.partner)) continue;
    ASSIGN_OR_RETURN(json::Object object, RowJson(host, source, row, row.partner == viewer.caller.partner));
    list.push_back(std::move(object));
  }
  return list;
}

bool MaySpread(const Viewer& viewer, const std::vector<const Assessment*>& handed_in) {
  return viewer.sees_names() || OthersIn(handed_in, viewer.caller) >= kLeastInSpread;
}

// With one other partner the sum less one's own would be theirs.
bool MaySum(const Viewer& viewer, const std::vector<const Assessment*>& handed_in) {
  const size_t others = OthersIn(handed_in, viewer.caller);
  return viewer.sees_names() || others == 0 || others >= kLeastInSum;
}

size_t PartnersIn(const std::vector<const Assessment*>& assessments) {
  std::set<PartnerId> partners;
  for (const Assessment* assessment : assessments) partners.insert(assessment->partner);
  return partners.size();
}

json::Object SpreadJson(const Viewer& viewer, const std::vector<const Assessment*>& handed_in) {
  const bool may = MaySpread(viewer, handed_in);
  return {{"themes", may ? ThemeCounts(handed_in) : json::Object()},
          {"level", may ? LevelCounts(handed_in) : json::Object()},
          {"partners", PartnersIn(handed_in)}};
}

// Oldest first, in the order in which they were first assessed.
json::Array TrendJson(const Viewer& viewer, const Source& source) {
  std::vector<std::string> names;
  for (const Assessment& assessment : source.assessments) {
    if (std::find(names.begin(), names.end(), assessment.cycle) == names.end())
      names.push_back(assessment.cycle);
  }
  json::Array trend;
  for (const std::string& name : names) {
    const auto handed_in = HandedIn(source, name);
    if (handed_in.empty() || !MaySpread(viewer, handed_in)) continue;
    trend.push_back(
        json::Object{{"cycle", name}, {"mean", MeanLevels(handed_in)}, {"level", LevelCounts(handed_in)}});
  }
  return trend;
}

std::string WhyLittle(const Viewer& viewer, const std::vector<const Assessment*>& handed_in) {
  if (MaySpread(viewer, handed_in)) return "";
  const size_t others = OthersIn(handed_in, viewer.caller);
  return fmt::format(
      "{} other partner{} handed in so far: a spread of fewer than {} would tell who they are, so only your "
      "own row "
      "and what cannot be traced to one of them are shown",
      others == 0 ? "no" : std::to_string(others), others == 1 ? " has" : "s have", kLeastInSpread);
}

// Those who have rated in a round of groups see how the groups rate: that is what the round is for.
absl::StatusOr<json::Value> AgreementFor(const HostParts& host, const Caller& caller,
                                         const std::string& template_id, const std::string& cycle) {
  ASSIGN_OR_RETURN(const std::optional<GroupRound> round, RoundOf(host, caller, template_id, cycle));
  return round ? RoundJson(*round) : json::Value(nullptr);
}

std::string NewestCycle(const Source& source) {
  if (!source.cycles.empty()) return source.cycles.front().cycle;
  return source.assessments.empty() ? "" : source.assessments.back().cycle;
}

// The template that the cycle was opened with, or that those who began of themselves took; else today's.
absl::StatusOr<policy::AssessmentTemplate> FormOf(const policy::PolicySet& policies, const Source& source,
                                                  const std::string& template_id, const std::string& cycle) {
  std::string text;
  for (const Assessment& assessment : source.assessments) {
    if (assessment.cycle == cycle && !assessment.template_text.empty()) text = assessment.template_text;
  }
  for (const AssessmentCycle& opened : source.cycles) {
    if (opened.cycle == cycle && !opened.template_text.empty()) text = opened.template_text;
  }
  if (!text.empty()) return policy::ParseAssessmentTemplate(template_id, text);
  ASSIGN_OR_RETURN(const policy::AssessmentTemplate* form, FindTemplate(policies, template_id));
  return *form;
}

void AddForm(const policy::AssessmentTemplate& form, json::Object& view) {
  json::Array themes;
  for (const policy::AssessmentTheme& theme : form.themes)
    themes.push_back(json::Object{{"id", theme.id}, {"title", theme.title}});
  view["template"] = form.id.str();
  view["version"] = form.version;
  view["title"] = form.title;
  view["scale"] = ScaleJson(form);
  view["themes"] = std::move(themes);
}

std::string SubjectOf(const Source& source, const std::string& cycle) {
  for (const AssessmentCycle& opened : source.cycles) {
    if (opened.cycle == cycle) return opened.subject;
  }
  return "";
}

}  // namespace

absl::StatusOr<json::Value> PartnershipView(const HostParts& host, const Caller& caller,
                                            const std::string& template_id, const std::string& wanted) {
  const std::shared_ptr<const LoadedPolicies> policies = host.policies->Get();
  ASSIGN_OR_RETURN(const Source source, SourceOf(host, template_id));
  Viewer viewer{caller, {}};
  ASSIGN_OR_RETURN(viewer.named, NamedInAssessments(host));
  const std::string cycle = wanted.empty() ? NewestCycle(source) : wanted;
  const std::vector<Row> rows = RowsOf(source, cycle);
  const auto handed_in = HandedIn(source, cycle);

  ASSIGN_OR_RETURN(const policy::AssessmentTemplate form, FormOf(*policies->set, source, template_id, cycle));
  json::Object view;
  AddForm(form, view);
  const std::string subject = SubjectOf(source, cycle);
  view["cycle"] = cycle.empty() ? json::Value(nullptr) : json::Value(cycle);
  view["subject"] = subject.empty() ? json::Value(nullptr) : json::Value(subject);
  view["named"] = viewer.sees_names();
  ASSIGN_OR_RETURN(view["rows"], RowsJson(host, viewer, source, rows));
  view["spread"] = SpreadJson(viewer, handed_in);
  view["gaps"] = MaySum(viewer, handed_in) ? GapCounts(handed_in) : json::Value(nullptr);
  view["cycles"] = TrendJson(viewer, source);
  view["actions"] = MaySum(viewer, handed_in) ? ActionCounts(host, source, cycle) : json::Value(nullptr);
  ASSIGN_OR_RETURN(view["agreement"], AgreementFor(host, caller, template_id, cycle));
  const std::string why = WhyLittle(viewer, handed_in);
  view["why"] = why.empty() ? json::Value(nullptr) : json::Value(why);
  view["asOf"] = TimeText(host.clock->Now());
  return view;
}

}  // namespace concordat::flows
