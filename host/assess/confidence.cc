#include "host/assess/confidence.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "fmt/format.h"
#include "fmt/ranges.h"

namespace concordat::assess {
namespace {

constexpr size_t kPeriods = 4;
constexpr int64_t kSecondsInMonth = 2629746;  // of 30.436875 days, as policy::Duration counts them

int PointsOf(char grade) { return 'D' - grade; }
char Worse(char a, char b) { return std::max(a, b); }

// One of the periods that are looked at.
struct Term {
  std::string period;
  bool due = false;  // it has a due date
  absl::Time deadline;
  std::optional<absl::Time> received;
  const HistoryEntry* standing = nullptr;  // accepted and current
};

const HistoryEntry* CurrentOf(const ConfidenceInputs& inputs, const std::string& feed,
                              const std::string& period) {
  for (const HistoryEntry& entry : inputs.history->entries) {
    if (entry.current && entry.feed == feed && entry.period == period) return &entry;
  }
  return nullptr;
}

std::vector<Term> TermsOf(const ConfidenceInputs& inputs) {
  std::vector<std::pair<absl::Time, Term>> terms;
  for (const DuePeriod& period : inputs.history->periods) {
    if (period.dataset != inputs.dataset) continue;
    terms.push_back(
        {period.due,
         {period.period, true, period.due, period.received, CurrentOf(inputs, period.feed, period.period)}});
  }
  if (terms.empty()) {
    for (const HistoryEntry& entry : inputs.history->entries) {
      if (entry.dataset == inputs.dataset && entry.current)
        terms.push_back({entry.received, {entry.period, false, {}, entry.received, &entry}});
    }
  }
  std::stable_sort(terms.begin(), terms.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  if (terms.size() > kPeriods) terms.erase(terms.begin(), terms.end() - kPeriods);
  std::vector<Term> list;
  for (auto& [time, term] : terms) list.push_back(std::move(term));
  return list;
}

const HistoryEntry* NewestStanding(const std::vector<Term>& terms) {
  for (auto term = terms.rbegin(); term != terms.rend(); ++term) {
    if (term->standing != nullptr) return term->standing;
  }
  return nullptr;
}

bool BreaksCritical(const HistoryEntry& entry) {
  return std::any_of(entry.rules.begin(), entry.rules.end(), [](const RuleStanding& rule) {
    return rule.enforced && !rule.accepted && rule.severity == "critical" && rule.status == "breached";
  });
}

ConfidenceComponent Quality(const std::vector<Term>& terms) {
  ConfidenceComponent part{"quality", "measured quality", true, 3, std::nullopt, ""};
  std::vector<std::string> shown;
  double sum = 0;
  for (const Term& term : terms) {
    if (term.standing == nullptr || !term.standing->score) continue;
    sum += *term.standing->score;
    shown.push_back(fmt::format("{} {:.1f}", term.period, *term.standing->score));
  }
  if (shown.empty()) {
    part.reason = "not measured: no accepted submission of these periods has a score";
    return part;
  }
  const double mean = sum / static_cast<double>(shown.size());
  part.grade = mean >= 95 - 1e-9 ? 'A' : mean >= 85 - 1e-9 ? 'B' : mean >= 70 - 1e-9 ? 'C' : 'D';
  part.reason =
      fmt::format("mean score {:.1f} ({})", std::floor(mean * 10 + 1e-9) / 10, fmt::join(shown, ", "));
  const HistoryEntry* newest = NewestStanding(terms);
  if (newest != nullptr && BreaksCritical(*newest)) {
    part.grade = 'D';
    part.reason += fmt::format("; a critical rule is breached in {}", newest->period);
  }
  return part;
}

ConfidenceComponent Timeliness(const std::vector<Term>& terms) {
  ConfidenceComponent part{"timeliness", "timeliness", true, 2, std::nullopt, ""};
  std::vector<std::string> late;
  std::vector<std::string> missing;
  size_t due = 0;
  for (const Term& term : terms) {
    if (!term.due) continue;
    ++due;
    if (!term.received) {
      missing.push_back(term.period);
    } else if (*term.received > term.deadline) {
      late.push_back(term.period);
    }
  }
  if (due == 0) {
    part.reason = "not measured: nothing of it has fallen due";
    return part;
  }
  const bool newest_there = terms.back().received.has_value();
  if (late.empty() && missing.empty()) {
    part.grade = 'A';
  } else if (missing.empty() && 4 * late.size() <= due) {
    part.grade = 'B';
  } else if (newest_there && 4 * missing.size() <= due) {
    part.grade = 'C';
  } else {
    part.grade = 'D';
  }
  part.reason = fmt::format("{} of {} due periods on time", due - late.size() - missing.size(), due);
  if (!late.empty()) part.reason += fmt::format("; late: {}", fmt::join(late, ", "));
  if (!missing.empty()) part.reason += fmt::format("; missing: {}", fmt::join(missing, ", "));
  return part;
}

ConfidenceComponent SelfAssessment(const ConfidenceInputs& inputs) {
  ConfidenceComponent part{"self_assessment", "self-assessment", false, 1, std::nullopt, ""};
  if (!inputs.assessment) {
    part.reason = "not measured: no self-assessment is signed off";
    return part;
  }
  const StandingAssessment& standing = *inputs.assessment;
  const double months = absl::FDivDuration(inputs.now - standing.submitted, absl::Seconds(kSecondsInMonth));
  const std::string what =
      fmt::format("level {} of {} in {} {}, {:.0f} months old", standing.level, standing.highest,
                  standing.title, standing.cycle, std::floor(std::max(0.0, months)));
  if (months > 30) {
    part.reason = "not measured: " + what + ", older than 30 months";
    return part;
  }
  const int steps = standing.highest - standing.lowest;
  const double reached = steps <= 0 ? 0 : static_cast<double>(standing.level - standing.lowest) / steps;
  char grade = reached >= 1 ? 'A' : reached >= 0.6 ? 'B' : reached >= 0.3 ? 'C' : 'D';
  if (months > 18 && grade < 'D') ++grade;
  part.grade = grade;
  part.reason = what + (months > 18 ? ": one grade less for its age" : "");
  return part;
}

struct AssuranceGrade {
  std::string_view word;
  char grade;
  std::string_view in_words;
};
constexpr std::array<AssuranceGrade, 5> kAssurance = {{
    {"external_audit", 'A', "external audit"},
    {"internal_audit", 'B', "internal audit"},
    {"random_checks", 'C', "random checks"},
    {"periodic_checks", 'C', "periodic checks"},
    {"no_checks", 'D', "without any check"},
}};

ConfidenceComponent Assurance(const std::vector<Term>& terms) {
  ConfidenceComponent part{"assurance", "sign-off", false, 1, std::nullopt, ""};
  const HistoryEntry* newest = NewestStanding(terms);
  if (newest == nullptr || newest->assurance.empty()) {
    part.reason = newest == nullptr ? std::string("not measured: there is nothing to sign off")
                                    : fmt::format("not measured: {} is not signed off", newest->period);
    return part;
  }
  for (const AssuranceGrade& known : kAssurance) {
    if (known.word != newest->assurance) continue;
    part.grade = known.grade;
    part.reason = fmt::format("{} signed off: {}", newest->period, known.in_words);
  }
  if (!part.grade)
    part.reason = fmt::format("not measured: {} is no level of assurance that is known", newest->assurance);
  return part;
}

ConfidenceComponent Doubts(const ConfidenceInputs& inputs, const std::vector<Term>& terms) {
  ConfidenceComponent part{"doubts", "open doubts", false, 1, std::nullopt, ""};
  const HistoryEntry* newest = NewestStanding(terms);
  if (newest == nullptr) {
    part.reason = "not measured: there is nothing to doubt";
    return part;
  }
  const auto accepted = static_cast<uint64_t>(std::count_if(
      newest->rules.begin(), newest->rules.end(), [](const RuleStanding& rule) { return rule.accepted; }));
  const uint64_t open = accepted + inputs.open_disputes;
  part.grade = open == 0 ? 'A' : open <= 2 ? 'B' : open <= 5 ? 'C' : 'D';
  part.reason =
      open == 0 ? "no accepted warning, no open dispute"
                : fmt::format("{} accepted warning{}, {} open dispute{}", accepted, accepted == 1 ? "" : "s",
                              inputs.open_disputes, inputs.open_disputes == 1 ? "" : "s");
  return part;
}

double PointsOf(const ConfidenceComponent& part) {
  if (part.grade) return PointsOf(*part.grade);
  return part.id == "self_assessment" || part.id == "assurance" ? 1 : 0;
}

// Holds the grade at `least` when it is better, and remembers why.
void Cap(Confidence& confidence, char at, const ConfidenceComponent& by) {
  if (confidence.grade >= at) return;
  confidence.grade = at;
  confidence.capped_by = by.id;
}

}  // namespace

Confidence ConfidenceFrom(const ConfidenceInputs& inputs) {
  const std::vector<Term> terms = TermsOf(inputs);
  Confidence confidence;
  confidence.components = {Quality(terms), Timeliness(terms), SelfAssessment(inputs), Assurance(terms),
                           Doubts(inputs, terms)};
  double sum = 0;
  int weights = 0;
  for (const ConfidenceComponent& part : confidence.components) {
    sum += part.weight * PointsOf(part);
    weights += part.weight;
  }
  confidence.points = sum / weights;
  const double points = confidence.points + 1e-9;
  confidence.grade = points >= 2.5 ? 'A' : points >= 1.5 ? 'B' : points >= 0.75 ? 'C' : 'D';
  for (const ConfidenceComponent& part : confidence.components) {
    if (!part.grade) Cap(confidence, 'B', part);
  }
  // The weaker essential last, so that it is the one named.
  const ConfidenceComponent& quality = confidence.components[0];
  const ConfidenceComponent& timeliness = confidence.components[1];
  const auto held_at = [](const ConfidenceComponent& part) {
    return part.grade.value_or(part.id == "quality" ? 'D' : 'C');
  };
  const ConfidenceComponent& weaker = held_at(timeliness) > held_at(quality) ? timeliness : quality;
  Cap(confidence, Worse(held_at(quality), held_at(timeliness)), weaker);
  confidence.why = ConfidenceInWords(confidence);
  return confidence;
}

std::string ConfidenceInWords(const Confidence& confidence) {
  std::vector<std::string> parts;
  const ConfidenceComponent* cap = nullptr;
  for (const ConfidenceComponent& part : confidence.components) {
    if (part.id == confidence.capped_by) cap = &part;
    parts.push_back(part.grade ? fmt::format("{} {}", part.name, *part.grade)
                               : fmt::format("{} not measured", part.name));
  }
  std::string why = fmt::format("{}: {}", confidence.grade, fmt::join(parts, ", "));
  if (cap != nullptr) why += fmt::format("; held at {} by {} ({})", confidence.grade, cap->name, cap->reason);
  return why;
}

const std::vector<std::string_view>& ConfidenceMethod() {
  static const std::vector<std::string_view> kMethod = {
      "measured quality (essential, weight 3): mean score of the last four due periods; A from 95, B from "
      "85, C from 70; a "
      "breached critical rule in the newest makes it D",
      "timeliness (essential, weight 2): A all on time, B none missing and at most a quarter late, C at most "
      "a quarter "
      "missing and the newest there, else D; where nothing falls due the grade is at most C",
      "self-assessment (weight 1): A at the top of its scale, B from 60% of it, C from 30%; one grade less "
      "after 18 months, "
      "not counted after 30",
      "sign-off (weight 1): external audit A, internal audit B, random or periodic checks C, no checks D",
      "open doubts (weight 1): accepted warnings and open disputes; A none, B up to two, C up to five, else "
      "D",
      "the grade: weighted mean, A from 2.5 of 3 points, B from 1.5, C from 0.75; the weaker essential caps "
      "it; while any "
      "part is not measured it is at most B",
  };
  return kMethod;
}

}  // namespace concordat::assess
