#include "tools/concordat/render/assessment_words.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/source.h"
#include "tools/concordat/render/members.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

bool Flag(const json::Value& object, std::string_view member, bool fallback) {
  const json::Value& value = Member(object, member);
  return value.is_bool() ? value.get_bool() : fallback;
}

size_t OpenItems(const json::Value& assessment) {
  size_t open = 0;
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    const json::Array& items = ItemsOf(theme, "items");
    open += static_cast<size_t>(std::count_if(items.begin(), items.end(), IsOpen));
  }
  return open;
}

size_t GapsWithoutAction(const json::Value& assessment) {
  size_t count = 0;
  for (const json::Value& theme : ItemsOf(assessment, "themes")) {
    for (const json::Value& item : ItemsOf(theme, "items")) {
      const std::string assurance = json::TextOr(item, "assurance", "");
      const bool gap = assurance == "overstated" || assurance == "stale" || assurance == "unevidenced";
      if (gap && IsAsked(item) && Member(item, "action").is_null()) ++count;
    }
  }
  return count;
}

size_t OverdueActions(const json::Value& assessment) {
  size_t count = 0;
  for (const json::Value& action : ItemsOf(assessment, "actions"))
    count += json::TextOr(action, "state", "") == "open" && NumberOf(Member(action, "daysLate")) > 0 ? 1 : 0;
  return count;
}

std::vector<NextStep> StepsWhileOpen(const json::Value& assessment, const std::string& id) {
  std::vector<NextStep> steps;
  const size_t open = OpenItems(assessment);
  const size_t mandatory = ItemsOf(assessment, "mandatoryOpen").size();
  if (open > 0) {
    steps.push_back(
        {fmt::format("{} {} open{}", Counted(open, "question"), open == 1 ? "is" : "are",
                     mandatory == 0      ? ""
                     : mandatory == open ? open == 1 ? ", and mandatory" : ", all of them mandatory"
                                         : fmt::format(", {} of them mandatory", mandatory)),
         "concordat assess walk " + id});
  }
  for (const json::Value& item : ItemsOf(assessment, "missingEvidence")) {
    steps.push_back(
        {Harmless(TextOf(item)) + " must have evidence attached",
         fmt::format("concordat assess evidence {} {} --document FILE", id, Harmless(TextOf(item)))});
  }
  if (mandatory == 0) {
    steps.push_back(
        {open == 0 ? "everything is answered: hand it in" : "all mandatory questions are answered",
         "concordat assess submit " + id});
  }
  return steps;
}

}  // namespace

ShownScale::ShownScale(const json::Value& document) {
  for (const json::Value& level : ItemsOf(document, "scale")) {
    levels_.push_back({LevelOf(Member(level, "level")).value_or(0), Words(level, "name"),
                       Words(level, "description"), json::TextOr(level, "colour", "")});
  }
}

const ShownLevel* ShownScale::Find(int level) const {
  const auto found = std::find_if(levels_.begin(), levels_.end(),
                                  [level](const ShownLevel& shown) { return shown.level == level; });
  return found == levels_.end() ? nullptr : &*found;
}

std::string ShownScale::Named(std::optional<int> level) const {
  if (!level) return "-";
  const ShownLevel* found = Find(*level);
  return found == nullptr || found->name.empty() ? std::to_string(*level)
                                                 : fmt::format("{} {}", *level, found->name);
}

std::string ShownScale::ColourOf(std::optional<int> level) const {
  const ShownLevel* found = level ? Find(*level) : nullptr;
  return found == nullptr ? "" : found->colour;
}

std::string ShownScale::Steps(std::optional<int> level) const {
  std::string steps;
  for (const ShownLevel& shown : levels_) steps += level && shown.level <= *level ? "█" : "░";
  return steps;
}

absl::StatusOr<int> ShownScale::Meant(std::string_view words) const {
  std::vector<std::string> names;
  std::string all;
  for (const ShownLevel& shown : levels_) {
    if (words == std::to_string(shown.level) || (!shown.name.empty() && Lower(words) == Lower(shown.name)))
      return shown.level;
    names.push_back(shown.name);
    all += fmt::format("{}{}", all.empty() ? "" : ", ", Named(shown.level));
  }
  const std::string near = Nearest(words, names);
  return absl::InvalidArgumentError(
      fmt::format("\"{}\" is no level of this scale{}; the levels are: {}", Harmless(words),
                  near.empty() ? "" : fmt::format(" (did you mean \"{}\"?)", near), all));
}

std::optional<int> LevelOf(const json::Value& level) {
  if (!level.is_number()) return std::nullopt;
  return static_cast<int>(level.to_number<double>());
}

std::string Words(const json::Value& object, std::string_view member) {
  return Harmless(json::TextOr(object, member, ""));
}

std::string PersonOf(std::string_view holder) {
  constexpr std::string_view kScheme = "spiffe://";
  const size_t partner = holder.find("/partner/");
  if (!holder.starts_with(kScheme) || partner == std::string_view::npos) return Harmless(holder);
  const std::string_view path = holder.substr(partner + std::string_view("/partner/").size());
  const size_t role = path.find('/');
  const size_t name = role == std::string_view::npos ? role : path.find('/', role + 1);
  if (name == std::string_view::npos) return Harmless(holder);
  return Harmless(fmt::format("{} ({} {})", path.substr(name + 1), path.substr(0, role),
                              path.substr(role + 1, name - role - 1)));
}

std::string StateWords(std::string_view state) {
  std::string words(state);
  std::replace(words.begin(), words.end(), '_', ' ');
  return words;
}

std::string DayOf(const json::Value& object, std::string_view member) {
  return Words(object, member).substr(0, 10);
}

std::string Counted(uint64_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string Heading(std::string_view title) { return fmt::format("\n{}\n", Paint(Colour::kBold, title)); }

std::string AssuranceWords(std::string_view assurance) {
  return assurance == "not_bound" ? "nothing measured" : StateWords(assurance);
}

std::string_view AssuranceSign(std::string_view assurance) {
  if (assurance == "supported") return "✓";
  if (assurance == "overstated") return "▲";
  if (assurance == "understated") return "▽";
  if (assurance == "stale") return "~";
  return assurance == "unevidenced" ? "?" : "·";
}

Colour AssuranceColour(std::string_view assurance) {
  if (assurance == "supported") return Colour::kGood;
  if (assurance == "overstated") return Colour::kBad;
  return assurance == "not_bound" || assurance.empty() ? Colour::kFaint : Colour::kWarn;
}

std::string_view ColourSign(std::string_view colour) {
  if (colour == "red") return "▼";
  if (colour == "amber") return "◆";
  return colour == "green" ? "▲" : "";
}

Colour PaintOf(std::string_view colour) {
  if (colour == "red") return Colour::kBad;
  if (colour == "amber") return Colour::kWarn;
  return colour == "green" ? Colour::kGood : Colour::kPlain;
}

std::vector<NextStep> NextSteps(const json::Value& assessment) {
  const std::string id = Words(assessment, "id");
  const std::string state = json::TextOr(assessment, "state", "");
  std::vector<NextStep> steps;
  if (state == "open") steps = StepsWhileOpen(assessment, id);
  if (state == "submitted")
    steps.push_back({"a second person of the partner signs it off", "concordat assess sign-off " + id});
  if (state == "signed_off") {
    steps.push_back(
        {"a moderator of another partner looks at it",
         fmt::format("concordat assess moderate {} ITEM --level N --reason TEXT, then --finish", id)});
    steps.push_back({"or the administrator publishes it as it is", "concordat assess publish " + id});
  }
  if (state == "moderated")
    steps.push_back({"the administrator publishes it", "concordat assess publish " + id});
  if (const size_t gaps = GapsWithoutAction(assessment); gaps > 0) {
    steps.push_back({fmt::format("{} {} no action yet", Counted(gaps, "gap"), gaps == 1 ? "has" : "have"),
                     "concordat assess actions propose " + id});
  }
  if (const size_t late = OverdueActions(assessment); late > 0) {
    steps.push_back({fmt::format("{} {} overdue", Counted(late, "action"), late == 1 ? "is" : "are"),
                     "concordat assess actions " + id});
  }
  return steps;
}

bool Applies(const json::Value& item) { return Flag(item, "applies", true); }

bool IsAsked(const json::Value& item) { return Flag(item, "applies", true) && Flag(item, "asked", true); }

bool IsOpen(const json::Value& item) {
  return IsAsked(item) && (Member(item, "claimed").is_null() || Flag(item, "reviewNeeded", false));
}

}  // namespace concordat::cli
