// Quality over time for people in a terminal: sparklines with their numbers, readable without colour or
// Unicode; and as CSV.
#pragma once

#include <string>

#include "host/base/json.h"

namespace concordat::cli {

/// From the document of QualityService.History.
std::string QualityHistoryText(const json::Value& history);
/// A line a period and measure: feed, partner, dataset, period, state, days_late, submission, kind, id, value
/// ...; RFC 4180.
std::string QualityHistoryCsv(const json::Value& history);
/// From the document of QualityService.Compare.
std::string QualityCompareText(const json::Value& comparison);
/// From the document of QualityService.Confidence.
std::string ConfidenceText(const json::Value& confidence);

/// "validity" for conformity.
std::string DimensionText(std::string_view dimension);
/// "97.3", or "not measured".
std::string ScoreText(const json::Value& score);
/// "up 3.1", "down 0.4", "unchanged"; empty for null.
std::string ChangeText(const json::Value& change);
/// What became of a period: "on time", "late by 4 days", "missing for 12 days", "rejected" ...
std::string PeriodStateText(const json::Value& point);
/// late | missing | rejected | empty: how a chart draws it.
std::string PeriodMark(const json::Value& point);

}  // namespace concordat::cli
