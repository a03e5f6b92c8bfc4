// How far a dataset of a partner may be trusted: one grade with its reasons, to print beside every figure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "host/assess/history.h"

namespace concordat::assess {

/// A partner's newest standing self-assessment of the template that the partnership chose.
struct StandingAssessment {
  std::string title;
  std::string cycle;
  int level = 0;
  int lowest = 1;  // of the scale
  int highest = 4;
  absl::Time submitted;
};

struct ConfidenceInputs {
  std::string dataset;
  const History* history = nullptr;  // of the partner; outlives the call
  std::optional<StandingAssessment> assessment;
  uint64_t open_disputes = 0;  // about the dataset's current submissions
  absl::Time now;
};

/// One part of a grade.
struct ConfidenceComponent {
  std::string id;  // quality | timeliness | self_assessment | assurance | doubts
  std::string name;
  bool essential = false;
  int weight = 1;
  std::optional<char> grade;  // A to D; nothing: not measured
  std::string reason;
};

struct Confidence {
  char grade = 'D';
  double points = 0;  // 0..3, the weighted mean before any cap
  std::vector<ConfidenceComponent> components;
  std::string capped_by;  // id of the component that holds the grade down, or empty
  std::string why;        // ConfidenceInWords
};

/// Pure. Five parts, each A to D (3 to 0 points), over the last four periods of the dataset that have fallen
/// due (the last four that were sent, when nothing falls due):
///
/// - measured quality (essential, weight 3): mean score of what stands for these periods, A from 95, B from
/// 85,
///   C from 70, the bands of a scorecard; a critical rule breached in the newest, and not accepted, makes it
///   D. A period without accepted data has no score: that is timeliness.
/// - timeliness (essential, weight 2): A all on time; B none missing and at most a quarter late; C at most a
///   quarter missing, and the newest there; else D.
/// - self-assessment (weight 1): where the level stands on its scale: A at the top, B from 60%, C from 30%,
///   else D; one grade less when it is older than 18 months; older than 30 months it is no longer one.
/// - assurance (weight 1): the sign-off of the newest period: external audit A, internal audit B, random or
///   periodic checks C, no checks D.
/// - open doubts (weight 1): warnings accepted as right but explainable in the newest, and open disputes:
///   A none, B up to two, C up to five, else D.
///
/// The grade is the weighted mean in points, A from 2.5, B from 1.5, C from 0.75. What is not measured never
/// counts as good: it has no points, but that a missing self-assessment or sign-off counts as C (1 point),
/// and while any part is not measured the grade is at most B. The weaker essential caps the grade; unmeasured
/// quality caps it at D, timeliness where nothing falls due at C.
///
/// The bands and weights are ours to calibrate; the parts follow the NHS Data Quality Maturity Index
/// (coverage beside quality) and the levels of assurance of the Office for Statistics Regulation.
Confidence ConfidenceFrom(const ConfidenceInputs& inputs);

/// "B: measured quality A, timeliness B ...; held at B by timeliness (...)", of the components that it has.
std::string ConfidenceInWords(const Confidence& confidence);

/// The method in sentences for people, one a part.
const std::vector<std::string_view>& ConfidenceMethod();

}  // namespace concordat::assess
