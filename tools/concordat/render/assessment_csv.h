// Self-assessments as CSV for spreadsheets: RFC 4180, and no cell that a spreadsheet would run.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// A line an item: claim, evidence, gap, owner, comment.
std::string AssessmentItemsCsv(const json::Value& assessment);
/// A line a partner: level of each theme, state, completion, overdue actions; then the spread where peers
/// have no names.
std::string PartnershipMatrixCsv(const json::Value& view);

/// A file that a steward fills in and `assess import` reads: columns level and comment beside question and
/// guidance.
std::string AnswersCsv(const json::Value& assessment);
/// The same as YAML, with what helps to answer as comments.
std::string AnswersYaml(const json::Value& assessment);

}  // namespace concordat::cli
