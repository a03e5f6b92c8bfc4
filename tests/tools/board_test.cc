#include <gtest/gtest.h>

#include <sstream>

#include "host/base/json.h"
#include "tools/concordat/render/html_chart.h"
#include "tools/concordat/render/partnership_html.h"
#include "tools/concordat/render/partnership_text.h"
#include "tools/concordat/text_width.h"

namespace concordat::cli {
namespace {

constexpr const char* kTold =
    "street crime of Derwent Constabulary for April 2026 is missing (185 days overdue)";
constexpr const char* kOther =
    "fire incidents of Derwent Fire and Rescue Service for May 2026 came 160 days late";

json::Value SmallReport() {
  const auto row = [](const char* words) { return json::Object{{"words", words}, {"major", "late"}}; };
  const json::Object empty{{"message", "Nothing."}, {"leftOut", 0}};
  json::Object report{{"asOf", "2026-11-21T10:00:00Z"},
                      {"headline", "2 matters need the board."},
                      {"majorsLeftOut", 1},
                      {"leftOut", 5}};
  report["partnership"] = json::Object{{"id", "derwent"}, {"name", "Derwent Partnership"}};
  report["period"] = json::Object{{"id", "2026-Q2"}, {"inWords", "2026-Q2"}};
  report["majors"] = json::Array{row(kTold)};
  report["timeliness"] = json::Object{{"message", "0 of 7 deliveries came on time."},
                                      {"rows", json::Array{row(kTold), row(kOther)}},
                                      {"leftOut", 5},
                                      {"where", "concordat feed due"}};
  report["quality"] = json::Object{
      {"message", "1 of 1 dataset measured."},
      {"leftOut", 0},
      {"rows",
       json::Array{json::Object{{"partnerName", "Derwent Fire and Rescue Service"},
                                {"dataset", "hospital_admissions"},
                                {"score", nullptr},
                                {"change", nullptr},
                                {"trend", json::Array{json::Value(nullptr), 91.0, json::Value(nullptr)}},
                                {"confidence", "D"},
                                {"confidenceWhy", "no accepted submission of these periods has a score"}}}}};
  for (const char* section : {"sharing", "agreements", "assessments", "signOff"}) report[section] = empty;
  report["rules"] = json::Array{
      json::Object{{"what", "data came more than 14 days late"}, {"why", "reports had to go without it"}}};
  return report;
}

size_t Times(const std::string& text, std::string_view part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(Board, WhatStandsAtTheTopIsSaidOnceOnThePage) {
  const std::string page = PartnershipHtml(SmallReport());
  EXPECT_EQ(Times(page, kTold), 1U);
  EXPECT_EQ(Times(page, kOther), 1U);
  EXPECT_EQ(Times(page, "told at the top"), 0U);
}

TEST(Board, EveryLineOfTheTextCanBeRead) {
  const std::string text = PartnershipText(SmallReport());
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(Columns(line), 100U) << line;
  EXPECT_EQ(Times(text, "Derwent Fire and Rescue Service; no accepted submission"), 1U) << text;
}

TEST(Board, AScoreBetweenMissingPeriodsIsADot) {
  EXPECT_EQ(Times(HtmlSparkline({std::nullopt, 91.0, std::nullopt}), "<circle"), 1U);
  EXPECT_EQ(Times(HtmlSparkline({90.0, 91.0, std::nullopt}), "<circle"), 0U);
}

}  // namespace
}  // namespace concordat::cli
