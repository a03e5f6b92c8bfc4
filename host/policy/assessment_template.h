// Kind AssessmentTemplate: a self-assessment questionnaire whose items may be bound to measurements.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/base/ids.h"
#include "host/policy/fields.h"
#include "host/policy/period.h"

namespace concordat::policy {

struct ScaleLevel {
  int level = 0;
  std::string name;
  std::string description;
};

/// A binding to what the host measured: from which value on each level is supported.
struct Measure {
  std::string measure;           // dimension_score, dataset_score, first_time_pass_rate, on_time_rate
  std::string dataset;           // empty: all of the partner's
  std::string dimension;         // for dimension_score
  Duration window;               // default P12M
  std::map<int, double> levels;  // level -> least value, 0..1 for rates, 0..100 for scores
  Place place;
};

struct AssessmentItem {
  std::string id;
  std::string question;
  std::string guidance;
  bool mandatory = true;
  std::optional<Measure> evidence;
  Place place;
};

struct AssessmentTheme {
  std::string id;
  std::string title;
  std::vector<AssessmentItem> items;
};

struct AssessmentTemplate {
  TemplateId id;
  std::string version;
  std::string title;
  std::vector<ScaleLevel> scale;
  std::vector<AssessmentTheme> themes;
  std::string digest;
  std::string path;
  Place place;

  const AssessmentItem* FindItem(std::string_view item) const;
};

AssessmentTemplate ReadAssessmentTemplate(const Node& document, Issues& issues);

}  // namespace concordat::policy
