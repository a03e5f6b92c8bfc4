// Kind AssessmentTemplate: a questionnaire whose items may be bound to measurements. One shape for levels,
// colours and statuses; nothing here knows a framework.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ids.h"
#include "host/base/status.h"
#include "host/policy/fields.h"
#include "host/policy/period.h"

namespace concordat::policy {

struct ScaleLevel {
  int level = 0;
  std::string name;
  std::string description;
  std::string colour;  // red | amber | green; empty: none
};

/// A binding to what the host measured: from which value on each level is supported.
struct Measure {
  std::string measure;          // a word of MeasureWords()
  std::string dataset;          // empty: all of the partner's
  std::string dimension;        // for dimension_score
  Duration window;              // default P12M
  std::optional<Duration> per;  // judged in stretches of this length, of which every one must support a level
  std::map<int, double> levels;  // level -> least value, 0..1 for rates, 0..100 for scores
  Place place;
};

/// What can be measured, always of one partner and in the measure's window; without observations there is no
/// value. "Current" is what stands for its feed and period now, neither superseded nor withdrawn.
///
/// - dimension_score: mean score (0..100) in one dimension of the current accepted submissions received in
///   the window; such as were not judged in it are left out.
/// - dataset_score: the same with the overall score.
/// - first_time_pass_rate: share of the first attempts received in the window that were accepted with nothing
///   held back.
/// - on_time_rate: share of the periods due in the window that were received by then; a missing one was not.
/// - periods_received_rate: share of the same periods that were received at all.
/// - critical_rules_enforced: share of the critical rules, in the newest current submission of each feed in
///   the window, that were enforced (no draft, no shadow) and could be evaluated.
/// - no_open_breach: share of the current accepted submissions received in the window in which no enforced
///   rule of severity critical or error is breached; one that a second person accepted is not open.
/// - protocols_in_force: share of the protocols used in the window that are in force now.
/// - audit_verified: 1 when the newest look at the whole audit log, in the window, found it whole, else 0.
/// - restore_tested: share of the trials to restore a backup in the window that succeeded.
/// - due_items_met: share of the obligations and actions due in the window that were closed by then.
/// - signed_off_rate: share of the current accepted submissions received in the window whose period somebody
///   other than the submitter signed off, at whatever assurance.
struct MeasureWord {
  std::string_view name;
  bool is_rate = false;        // 0..1, else a score of 0..100
  bool has_dimension = false;  // needs `dimension`
  bool of_dataset = false;     // may name a `dataset`
  bool has_stretches = false;  // may be judged `per` stretch; the others describe the present
  std::string_view in_words;   // "share of periods received on time"; empty: called by its dimension
  std::string_view one;        // what is counted: "period that was due"
  std::string_view many;       // "periods that were due"
};
const std::vector<MeasureWord>& MeasureWords();
const MeasureWord* FindMeasureWord(std::string_view name);

/// What counts as evidence for an item.
struct EvidenceTerms {
  std::vector<std::string> accepts;       // of document, attestation, link; what else is attached is refused
  std::vector<std::string> required_for;  // partner categories that must attach some; "all"
  std::vector<Measure> measures;          // the lowest level among them is what is evidenced
  std::optional<Duration> max_age;  // of an attached one without an expiry of its own; default the template's
  bool declared = false;            // the item says something about evidence
};

/// Holds when the claim for `item` is at least `level`.
struct ItemCondition {
  std::string item;
  int at_least = 0;
  Place place;
};

struct AssessmentItem {
  std::string id;
  std::string question;
  std::string guidance;
  std::string why;                           // why it matters
  std::vector<std::string> characteristics;  // of the template's list
  std::vector<std::string> mandatory_for;    // partner categories; "all"; empty: nobody
  std::vector<std::string> applies_to;       // partner categories; empty: all
  std::map<int, std::string> anchors;        // what this level looks like here
  std::map<std::string, int> targets;        // category -> level; "all"
  std::optional<ItemCondition> asked_when;   // else the item is not asked
  EvidenceTerms evidence;
  std::vector<std::string> clauses;  // of the quality policy, that it asks about
  Place place;
};

struct AssessmentTheme {
  std::string id;
  std::string title;
  std::string description;
  std::map<std::string, int> targets;  // category -> level; "all"
  std::vector<AssessmentItem> items;
};

/// When `item` is claimed below `below`, the theme (empty: the organisation) stands at most at `at`.
struct LevelCap {
  std::string item;
  int below = 0;
  std::string theme;
  int at = 0;
  std::string why;
  Place place;
};

/// A standing in words; the first of the list whose condition holds is the organisation's.
struct AssessmentStatus {
  std::string id;
  std::string name;
  std::string colour;
  std::optional<int> level;      // that items must reach
  double share = 1;              // of the items counted, 0..1
  std::string of = "mandatory";  // mandatory | all: which items are counted
  bool needs_plan = false;       // every item below `level` has an action that is not cancelled
  Place place;
};

/// How levels are drawn together.
struct Scoring {
  std::string theme =
      "capped_mean";  // capped_mean (floor of the mean, at most the lowest plus one) | mean | lowest | none
  std::string organisation = "lowest";  // lowest | mean | none | status
};

struct AssessmentTemplate {
  TemplateId id;
  std::string version;
  std::string title;
  std::string framework;        // whose questions these are, in which wording
  std::string licence;          // what may be done with the text
  std::string guidance;         // how to go about it
  bool several_groups = false;  // several groups rate the same outcome
  std::vector<std::string> characteristics;
  std::vector<ScaleLevel> scale;
  Scoring scoring;
  std::map<std::string, int> targets;  // category -> level; "all"
  std::vector<LevelCap> caps;
  std::vector<AssessmentStatus> statuses;
  std::optional<Duration> evidence_max_age;  // default P24M
  std::vector<AssessmentTheme> themes;
  std::string digest;
  std::string path;
  Place place;

  const AssessmentItem* FindItem(std::string_view item) const;
  const ScaleLevel* FindLevel(int level) const;
};

AssessmentTemplate ReadAssessmentTemplate(const Node& document, Issues& issues);

/// Whether a list such as `mandatory_for` names the category; "all" names each.
bool NamesCategory(const std::vector<std::string>& categories, std::string_view category);
/// The level for a category, else the one for "all".
std::optional<int> TargetFor(const std::map<std::string, int>& targets, std::string_view category);

/// Reads a template back from the text that an assessment keeps of it, so that a new version changes no
/// earlier result. InvalidArgument names the first mistake.
absl::StatusOr<AssessmentTemplate> ParseAssessmentTemplate(const std::string& name, const std::string& text);

}  // namespace concordat::policy
