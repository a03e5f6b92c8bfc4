#include "host/assess/position.h"

#include <algorithm>

#include "fmt/format.h"
#include "fmt/ranges.h"
#include "host/assess/wording.h"
#include "host/data/parse.h"
#include "host/record/scorecard.h"

namespace concordat::assess {
namespace {

using policy::AssessmentItem;
using policy::AssessmentStatus;
using policy::AssessmentTemplate;
using policy::AssessmentTheme;

/// A level and why it is that.
struct Drawn {
  std::optional<int> level;
  std::string why;
};

double MeanOf(const std::vector<int>& levels) {
  double sum = 0;
  for (const int level : levels) sum += level;
  return sum / static_cast<double>(levels.size());
}

int LowestOf(const std::vector<int>& levels) { return *std::min_element(levels.begin(), levels.end()); }

std::string Shown(double mean) { return data::NumberText(record::ShownScore(mean)); }

// Means may fall between the levels of a scale with gaps; what counts is the level that was reached.
int OnScale(const AssessmentTemplate& form, int level) {
  int reached = form.scale.empty() ? level : form.scale.front().level;
  for (const policy::ScaleLevel& step : form.scale) {
    if (step.level <= level) reached = std::max(reached, step.level);
  }
  return reached;
}

std::string WhyDrawn(const std::string& how, const std::vector<int>& levels, std::string_view one,
                     std::string_view many) {
  const int lowest = LowestOf(levels);
  const auto at_lowest = static_cast<uint64_t>(std::count(levels.begin(), levels.end(), lowest));
  const std::string counted = CountOf(levels.size(), one, many);
  if (how == "lowest") return fmt::format("the lowest of {}", counted);
  const std::string floor = fmt::format("floor of the mean {} of {}", Shown(MeanOf(levels)), counted);
  if (how == "mean" || static_cast<int>(MeanOf(levels)) <= lowest + 1) return floor;
  return fmt::format("{}, held at {} by {} at level {}", floor, lowest + 1, CountOf(at_lowest, one, many),
                     lowest);
}

class Reckoning {
 public:
  explicit Reckoning(const Inputs& inputs) : inputs_(inputs), form_(*inputs.form) {}

  Position Reckon() {
    Position position;
    for (const AssessmentTheme& theme : form_.themes) {
      position.themes.push_back(ThemeOf(theme));
      position.answered += position.themes.back().answered;
      position.asked += position.themes.back().asked;
    }
    for (ThemePosition& theme : position.themes) DrawTheme(theme);
    position.target = policy::TargetFor(form_.targets, inputs_.category);
    DrawWhole(position);
    DrawStatus(position);
    ListOpen(position);
    return position;
  }

 private:
  ThemePosition ThemeOf(const AssessmentTheme& theme) {
    ThemePosition position;
    position.theme = &theme;
    position.target = policy::TargetFor(theme.targets, inputs_.category);
    if (!position.target) position.target = policy::TargetFor(form_.targets, inputs_.category);
    for (const AssessmentItem& item : theme.items) {
      position.items.push_back(ItemOf(item, position.target));
      const ItemPosition& added = position.items.back();
      if (!added.asked) continue;
      ++position.asked;
      if (!added.claim.standing()) continue;
      ++position.answered;
      standing_[item.id] = *added.claim.standing();
    }
    return position;
  }

  ItemPosition ItemOf(const AssessmentItem& item, std::optional<int> theme_target) const {
    ItemPosition position;
    position.item = &item;
    const auto claim = inputs_.claims.find(item.id);
    if (claim != inputs_.claims.end()) position.claim = claim->second;
    position.applies = item.applies_to.empty() || policy::NamesCategory(item.applies_to, inputs_.category);
    position.not_asked_because = WhyNotAsked(item, position.applies);
    position.asked = position.not_asked_because.empty();
    position.mandatory = position.asked && policy::NamesCategory(item.mandatory_for, inputs_.category);
    position.target = policy::TargetFor(item.targets, inputs_.category);
    if (!position.target) position.target = theme_target;
    if (!position.asked) {
      position.gap.message = position.not_asked_because;
      return position;
    }
    for (const policy::Measure& measure : item.evidence.measures)
      position.measured.push_back(MeasureItem(measure, form_.scale, inputs_.history, inputs_.now));
    if (const auto decisive = DecisiveOf(position.measured)) position.decisive = position.measured[*decisive];
    position.evidence_missing = LacksEvidence(item, position.claim);
    position.gap = CompareClaim(item, position.claim, position.measured, inputs_);
    return position;
  }

  // Empty when it is asked. What it depends on stands earlier in the template, so it is known here.
  std::string WhyNotAsked(const AssessmentItem& item, bool applies) const {
    if (!applies) return fmt::format("not asked of partners of the category {}", inputs_.category);
    if (!item.asked_when) return "";
    const auto known = standing_.find(item.asked_when->item);
    if (known != standing_.end() && known->second >= item.asked_when->at_least) return "";
    return fmt::format("asked only when {} stands at level {} or above", item.asked_when->item,
                       item.asked_when->at_least);
  }

  bool LacksEvidence(const AssessmentItem& item, const Claim& claim) const {
    if (!policy::NamesCategory(item.evidence.required_for, inputs_.category)) return false;
    return std::none_of(claim.attached.begin(), claim.attached.end(), [&](const AttachedEvidence& attached) {
      return ExpiryOf(attached, item, form_) > inputs_.now;
    });
  }

  void DrawTheme(ThemePosition& theme) const {
    std::vector<int> levels;
    for (const ItemPosition& item : theme.items) {
      if (item.asked && item.claim.standing()) levels.push_back(*item.claim.standing());
    }
    if (!levels.empty()) {
      theme.mean = MeanOf(levels);
      theme.lowest = LowestOf(levels);
    }
    const Drawn drawn = DrawnTheme(theme, levels);
    theme.level = drawn.level;
    theme.why = drawn.why;
  }

  Drawn DrawnTheme(const ThemePosition& theme, const std::vector<int>& levels) const {
    const std::string& how = form_.scoring.theme;
    if (theme.asked == 0) return {std::nullopt, "none of its questions is asked of this partner"};
    if (how == "none")
      return {std::nullopt, "no level is drawn of this theme; its answers stand side by side"};
    if (theme.answered < theme.asked) {
      return {std::nullopt, fmt::format("no level yet: {} answered",
                                        ShareOf(theme.answered, theme.asked, "question", "questions"))};
    }
    Drawn drawn{OnScale(form_, DrawnLevel(how, levels).value_or(0)),
                WhyDrawn(how, levels, "answer", "answers")};
    ApplyCaps(theme.theme->id, drawn);
    return drawn;
  }

  // `theme` is empty for the whole. Unanswered items hold nothing back; they keep the level from being drawn.
  void ApplyCaps(const std::string& theme, Drawn& drawn) const {
    for (const policy::LevelCap& cap : form_.caps) {
      const auto known = standing_.find(cap.item);
      if (cap.theme != theme || known == standing_.end() || known->second >= cap.below) continue;
      if (!drawn.level || *drawn.level <= cap.at) continue;
      drawn.level = cap.at;
      drawn.why += fmt::format("; held at {} because {} stands below level {}{}", cap.at, cap.item, cap.below,
                               cap.why.empty() ? "" : ": " + cap.why);
    }
  }

  void DrawWhole(Position& position) const {
    const std::string& how = form_.scoring.organisation;
    if (how == "status") return;
    if (how == "none") {
      position.why = "no single level is drawn; the themes stand side by side";
      return;
    }
    std::vector<int> levels;
    size_t open = 0;
    for (const ThemePosition& theme : position.themes) {
      if (theme.level) levels.push_back(*theme.level);
      if (theme.asked > 0 && !theme.level) ++open;
    }
    if (open > 0 || levels.empty()) {
      position.why = fmt::format("no level yet: {} answered",
                                 ShareOf(position.answered, position.asked, "question", "questions"));
      return;
    }
    Drawn drawn{OnScale(form_, DrawnLevel(how, levels).value_or(0)),
                WhyDrawn(how, levels, "theme", "themes")};
    if (how == "lowest") drawn.why += ": " + WeakestThemes(position, LowestOf(levels));
    ApplyCaps("", drawn);
    position.level = drawn.level;
    position.why = drawn.why;
  }

  static std::string WeakestThemes(const Position& position, int lowest) {
    std::vector<std::string> titles;
    for (const ThemePosition& theme : position.themes) {
      if (theme.level == lowest) titles.push_back(theme.theme->title);
    }
    return Listed(titles);
  }

  /// Of the items that a status counts: how many reached its level, how many others have no action.
  struct Count {
    size_t counted = 0;
    size_t reached = 0;
    size_t unplanned = 0;
  };
  static Count CountFor(const AssessmentStatus& status, const Position& position) {
    Count count;
    for (const ThemePosition& theme : position.themes) {
      for (const ItemPosition& item : theme.items) {
        if (!item.asked || (status.of == "mandatory" && !item.mandatory)) continue;
        ++count.counted;
        if (item.claim.standing() && *item.claim.standing() >= *status.level) {
          ++count.reached;
        } else if (!item.claim.planned) {
          ++count.unplanned;
        }
      }
    }
    return count;
  }

  static bool Holds(const AssessmentStatus& status, const Position& position) {
    if (!status.level) return true;
    const Count count = CountFor(status, position);
    // Shares such as 0.7 have no exact binary form: 7 of 10 reach 70%.
    constexpr double kNoise = 1e-9;
    const bool enough =
        static_cast<double>(count.reached) + kNoise >= status.share * static_cast<double>(count.counted);
    return enough && (!status.needs_plan || count.unplanned == 0);
  }

  static std::string InWords(const AssessmentStatus& status, const Position& position) {
    if (!status.level) return "";
    const Count count = CountFor(status, position);
    std::string words = fmt::format("{} of {} {}questions at level {} or above", count.reached, count.counted,
                                    status.of == "mandatory" ? "mandatory " : "", *status.level);
    if (status.needs_plan && count.reached < count.counted) {
      words += count.unplanned == 0
                   ? std::string(", and an action stands for each of the others")
                   : fmt::format(", and {} of the others without an action", NumberWord(count.unplanned));
    }
    return words;
  }

  void DrawStatus(Position& position) const {
    std::string missed;
    for (const AssessmentStatus& status : form_.statuses) {
      if (!Holds(status, position)) {
        missed = fmt::format("{} is missed with {}", status.name, InWords(status, position));
        continue;
      }
      position.status = &status;
      const std::string words = InWords(status, position);
      Append(position.why, words.empty() ? status.name : fmt::format("{}: {}", status.name, words));
      break;
    }
    if (!missed.empty()) Append(position.why, missed);
  }

  static void Append(std::string& why, const std::string& more) { why += why.empty() ? more : "; " + more; }

  static void ListOpen(Position& position) {
    for (const ThemePosition& theme : position.themes) {
      for (const ItemPosition& item : theme.items) {
        const bool open = !item.claim.standing() || item.claim.review_needed;
        if (item.mandatory && open) position.open_mandatory.push_back(item.item->id);
        if (item.evidence_missing) position.missing_evidence.push_back(item.item->id);
      }
    }
  }

  const Inputs& inputs_;
  const AssessmentTemplate& form_;
  std::map<std::string, int> standing_;  // of the items that are asked and answered
};

}  // namespace

Position PositionOf(const Inputs& inputs) { return Reckoning(inputs).Reckon(); }

std::optional<int> DrawnLevel(const std::string& how, const std::vector<int>& levels) {
  if (levels.empty()) return std::nullopt;
  const int lowest = LowestOf(levels);
  const int floor = static_cast<int>(MeanOf(levels));  // levels are not negative
  if (how == "lowest") return lowest;
  if (how == "mean") return floor;
  if (how == "capped_mean") return std::min(floor, lowest + 1);
  return std::nullopt;
}

}  // namespace concordat::assess
