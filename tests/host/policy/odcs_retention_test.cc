// How long a contract lets the store keep things, in both forms.
#include "host/policy/odcs_retention.h"

#include <gtest/gtest.h>

#include "host/policy/reader.h"

namespace concordat::policy {
namespace {

std::string Read(const std::string& yaml, Issues& issues) {
  auto source = std::make_shared<SourceText>();
  source->name = "x.yaml";
  source->text = yaml;
  const auto retention = ReadRetention(ReadYaml(source, issues), issues);
  return retention ? retention->text : "";
}

std::string Fine(const std::string& yaml) {
  Issues issues;
  const std::string text = Read(yaml, issues);
  EXPECT_FALSE(issues.has_errors()) << yaml;
  return text;
}

TEST(Retention, IsReadFromAServiceLevelOrFromOurOwnProperty) {
  EXPECT_EQ(Fine("slaProperties: [{property: latency, value: 1, unit: d}, {property: retention, value: 24, "
                 "unit: m}]"),
            "P24M");
  EXPECT_EQ(Fine("slaProperties: [{property: retention, value: 3, unit: years}]"), "P3Y");
  EXPECT_EQ(Fine("slaProperties: [{property: retention, value: P90D}]"), "P90D");
  EXPECT_EQ(Fine("customProperties: [{property: retention, value: {store: P24M}}]"), "P24M");
  EXPECT_EQ(Fine("name: x"), "");
}

TEST(Retention, WhatIsNoTimeIsAMistake) {
  for (const char* yaml : {"slaProperties: [{property: retention, value: 24, unit: parsec}]",
                           "slaProperties: [{property: retention, value: 24}]",
                           "slaProperties: [{property: retention, value: 0, unit: d}]",
                           "slaProperties: [{property: retention, value: -1, unit: d}]",
                           "customProperties: [{property: retention, value: {store: soon}}]",
                           "customProperties: [{property: retention, value: {feed: P1D}}]"}) {
    Issues issues;
    EXPECT_EQ(Read(yaml, issues), "") << yaml;
    EXPECT_TRUE(issues.has_errors()) << yaml;
  }
}

}  // namespace
}  // namespace concordat::policy
