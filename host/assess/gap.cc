// One claim beside its evidence.
#include <algorithm>

#include "fmt/format.h"
#include "host/assess/position.h"
#include "host/assess/wording.h"

namespace concordat::assess {
namespace {

std::string DayText(absl::Time time) {
  return absl::FormatCivilTime(absl::ToCivilDay(time, absl::UTCTimeZone()));
}

int64_t DaysSince(absl::Time then, absl::Time now) {
  return std::max<int64_t>(0, absl::ToInt64Hours(now - then) / 24);
}

std::string Claimed(const Claim& claim) {
  if (claim.moderated) return fmt::format("level {} after moderation", *claim.moderated);
  if (claim.level) return fmt::format("level {} claimed", *claim.level);
  return "not answered yet";
}

// "in three of four quarters": the stretches whose level decides, among those that were measured.
std::string InStretches(const policy::Measure& measure, const Evidence& evidence, uint64_t decisive) {
  const std::string one(StretchWord(*measure.per));
  const std::string many = one == "stretch" ? "stretches" : one + "s";
  const auto measured =
      static_cast<uint64_t>(std::count_if(evidence.stretches.begin(), evidence.stretches.end(),
                                          [](const Stretch& s) { return s.level.has_value(); }));
  const bool whole = measured == evidence.stretches.size();
  if (measured == 1) return fmt::format("in the one {} measured", one);
  if (decisive == measured)
    return fmt::format("in all {}{}", CountOf(measured, one, many), whole ? "" : " measured");
  return fmt::format("in {} of {}{}", NumberWord(decisive),
                     whole ? CountOf(measured, one, many) : "the " + CountOf(measured, one, many),
                     whole ? "" : " measured");
}

// "validity measured at 71% in three of four quarters"; "or less" when the stretches that decide differ.
std::string MeasuredWords(const policy::Measure& measure, const Evidence& evidence) {
  const std::string words = MeasureInWords(measure);
  if (evidence.stretches.empty())
    return fmt::format("{} measured at {}", words, ShownValue(measure, *evidence.value));
  double highest = 0;
  uint64_t decisive = 0;
  bool differ = false;
  std::string shown;
  for (const Stretch& stretch : evidence.stretches) {
    if (stretch.level != evidence.level || !stretch.value) continue;
    const std::string text = ShownValue(measure, *stretch.value);
    differ = differ || (decisive > 0 && text != shown);
    if (decisive == 0 || *stretch.value > highest) highest = *stretch.value;
    shown = text;
    ++decisive;
  }
  return fmt::format("{} measured at {}{} {}", words, ShownValue(measure, highest), differ ? " or less" : "",
                     InStretches(measure, evidence, decisive));
}

std::string NotMeasured(const policy::AssessmentItem& item, const std::vector<Evidence>& measured) {
  std::vector<std::string> words;
  for (size_t i = 0; i < measured.size(); ++i) {
    if (!measured[i].level) words.push_back(MeasureInWords(item.evidence.measures[i]));
  }
  return Listed(words);
}

Gap AgainstMeasurement(const policy::AssessmentItem& item, const Claim& claim,
                       const std::vector<Evidence>& measured, size_t decisive, absl::Time now) {
  const Evidence& evidence = measured[decisive];
  Gap gap;
  if (evidence.newest) gap.age_days = DaysSince(*evidence.newest, now);
  gap.message = fmt::format("{}; {} supports level {}", Claimed(claim),
                            MeasuredWords(item.evidence.measures[decisive], evidence), *evidence.level);
  const std::string rest = NotMeasured(item, measured);
  if (!rest.empty()) gap.message += fmt::format("; {} was not measured in the window", rest);
  if (!claim.standing()) return gap;
  gap.levels = *claim.standing() - *evidence.level;
  gap.assurance = gap.levels == 0  ? Assurance::kSupported
                  : gap.levels > 0 ? Assurance::kOverstated
                                   : Assurance::kUnderstated;
  return gap;
}

std::string NameOf(const AttachedEvidence& attached) {
  const std::string kind = fmt::format("{} {}", attached.kind == "attestation" ? "an" : "a", attached.kind);
  return attached.title.empty() ? kind : fmt::format("{} \"{}\"", kind, attached.title);
}

// The newest one that is in date, else the newest of all; nothing when none is attached.
const AttachedEvidence* BestOf(const policy::AssessmentItem& item, const Claim& claim, const Inputs& inputs) {
  const AttachedEvidence* best = nullptr;
  bool best_in_date = false;
  for (const AttachedEvidence& attached : claim.attached) {
    const bool in_date = ExpiryOf(attached, item, *inputs.form) > inputs.now;
    if (best != nullptr &&
        (best_in_date > in_date || (best_in_date == in_date && attached.given <= best->given)))
      continue;
    best = &attached;
    best_in_date = in_date;
  }
  return best;
}

Gap AgainstAttached(const policy::AssessmentItem& item, const Claim& claim, const AttachedEvidence& attached,
                    const Inputs& inputs) {
  const absl::Time expires = ExpiryOf(attached, item, *inputs.form);
  Gap gap;
  gap.age_days = DaysSince(attached.given, inputs.now);
  if (expires > inputs.now) {
    gap.assurance = Assurance::kSupported;
    const std::string until = expires == absl::InfiniteFuture() ? "" : ", in date until " + DayText(expires);
    gap.message = fmt::format("{}; {} given on {} stands behind it{}", Claimed(claim), NameOf(attached),
                              DayText(attached.given), until);
  } else {
    gap.assurance = Assurance::kStale;
    gap.message = fmt::format("{}; {} given on {} expired on {}, and nothing newer is attached",
                              Claimed(claim), NameOf(attached), DayText(attached.given), DayText(expires));
  }
  return gap;
}

Gap Unsupported(const policy::AssessmentItem& item, const Claim& claim, const std::vector<Evidence>& measured,
                const Inputs& inputs) {
  const bool required = policy::NamesCategory(item.evidence.required_for, inputs.category);
  const bool above_lowest =
      !inputs.form->scale.empty() && *claim.standing() > inputs.form->scale.front().level;
  if (!measured.empty()) {
    return {Assurance::kUnevidenced, 0, std::nullopt,
            fmt::format("{}; {} was not measured in the window, and nothing is attached", Claimed(claim),
                        NotMeasured(item, measured))};
  }
  if (required) {
    return {Assurance::kUnevidenced, 0, std::nullopt,
            fmt::format("{}; evidence is required, and nothing is attached", Claimed(claim))};
  }
  if (!item.evidence.declared)
    return {Assurance::kNotBound, 0, std::nullopt, Claimed(claim) + "; no evidence is asked for"};
  if (above_lowest)
    return {Assurance::kUnevidenced, 0, std::nullopt, Claimed(claim) + "; nothing is attached to it"};
  return {Assurance::kNotBound, 0, std::nullopt, Claimed(claim) + "; the lowest level needs no evidence"};
}

}  // namespace

Gap CompareClaim(const policy::AssessmentItem& item, const Claim& claim,
                 const std::vector<Evidence>& measured, const Inputs& inputs) {
  if (const auto decisive = DecisiveOf(measured))
    return AgainstMeasurement(item, claim, measured, *decisive, inputs.now);
  if (!claim.standing()) return {Assurance::kNotBound, 0, std::nullopt, Claimed(claim)};
  if (const AttachedEvidence* attached = BestOf(item, claim, inputs))
    return AgainstAttached(item, claim, *attached, inputs);
  return Unsupported(item, claim, measured, inputs);
}

}  // namespace concordat::assess
