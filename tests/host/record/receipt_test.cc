#include "host/record/receipt.h"

#include <functional>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/base/encoding.h"

namespace concordat::record {
namespace {

using testing::HasSubstr;

json::Object Body() {
  return {{"version", kReceiptVersion},   {"kind", "disclosure"},
          {"id", "R-0123456789abcdef"},   {"time", "2026-11-20T12:00:00Z"},
          {"host", "derwent.example"},    {"subject", {{"protocol", "asb-hotspots"}}},
          {"decision", "permit"},         {"reasons", json::Array{}},
          {"records", {{"released", 10}}}};
}

Receipt Sample() {
  Receipt receipt;
  receipt.body = Body();
  receipt.signature = std::string(64, '\x01');
  receipt.leaf = {uint64_t{1} << 63, std::string(32, '\x02'), std::string(32, '\x03')};
  receipt.proof = {std::string(32, '\x04'), std::string(32, '\x05')};
  receipt.checkpoint = "derwent.example/concordat\n3\nroot\n\n— sig\n";
  return receipt;
}

TEST(Receipt, ComesBackFromItsJson) {
  const Receipt receipt = Sample();
  const auto again = ReceiptFromJson(*json::Parse(json::Pretty(receipt.ToJson())));
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(json::Canonical(again->body), json::Canonical(receipt.body));
  EXPECT_EQ(again->signature, receipt.signature);
  EXPECT_EQ(again->leaf.index, receipt.leaf.index);
  EXPECT_EQ(again->leaf.salt, receipt.leaf.salt);
  EXPECT_EQ(again->leaf.hash, receipt.leaf.hash);
  EXPECT_EQ(again->proof, receipt.proof);
  EXPECT_EQ(again->checkpoint, receipt.checkpoint);
}

TEST(Receipt, HasItsMembersInTheOrderOfTheInterface) {
  std::vector<std::string> names;
  const json::Object object = Sample().ToJson();
  for (const auto& member : object) names.emplace_back(member.key());
  EXPECT_EQ(names,
            (std::vector<std::string>{"version", "kind", "id", "time", "host", "subject", "decision",
                                      "reasons", "records", "signature", "leaf", "proof", "checkpoint"}));
}

TEST(Receipt, TheSignedPartDoesNotDependOnTheOrder) {
  const auto sorted = ReceiptFromJson(*json::Parse(json::Canonical(Sample().ToJson())));
  ASSERT_TRUE(sorted.ok());
  EXPECT_EQ(json::Canonical(sorted->body), json::Canonical(Body()));
}

TEST(Receipt, WhatIsMissingOrMalformedIsNamed) {
  struct Case {
    const char* says;
    std::function<void(json::Object&)> spoil;
  };
  const std::vector<Case> cases = {
      {"\"version\"", [](json::Object& o) { o.erase("version"); }},
      {"\"version\"", [](json::Object& o) { o["version"] = 2; }},
      {"\"version\"", [](json::Object& o) { o["version"] = "1"; }},
      {"\"kind\"", [](json::Object& o) { o["kind"] = "gift"; }},
      {"\"kind\"", [](json::Object& o) { o["kind"] = 1; }},
      {"\"id\"", [](json::Object& o) { o["id"] = ""; }},
      {"\"time\"", [](json::Object& o) { o.erase("time"); }},
      {"\"host\"", [](json::Object& o) { o["host"] = nullptr; }},
      {"\"signature\" is missing", [](json::Object& o) { o.erase("signature"); }},
      {"\"signature\" is not 64 bytes",
       [](json::Object& o) { o["signature"] = Base64Encode(std::string(63, 'x')); }},
      {"\"leaf\" is missing", [](json::Object& o) { o.erase("leaf"); }},
      {"\"leaf\" has other members", [](json::Object& o) { o["leaf"].as_object()["more"] = 1; }},
      {"\"leaf.index\"", [](json::Object& o) { o["leaf"].as_object()["index"] = -1; }},
      {"\"leaf.index\"", [](json::Object& o) { o["leaf"].as_object()["index"] = 1.5; }},
      {"\"leaf.salt\"", [](json::Object& o) { o["leaf"].as_object()["salt"] = "AA=="; }},
      {"\"leaf.hash\"", [](json::Object& o) { o["leaf"].as_object()["hash"] = 7; }},
      {"\"proof\"", [](json::Object& o) { o["proof"] = nullptr; }},
      {"\"proof\"", [](json::Object& o) { o["proof"].as_array().push_back("AA=="); }},
      {"\"proof\" is longer",
       [](json::Object& o) { o["proof"] = json::Array(65, o["proof"].as_array()[0]); }},
      {"\"checkpoint\"", [](json::Object& o) { o["checkpoint"] = json::Array{}; }},
  };
  for (const Case& c : cases) {
    json::Object object = Sample().ToJson();
    c.spoil(object);
    const auto receipt = ReceiptFromJson(object);
    EXPECT_EQ(receipt.status().code(), absl::StatusCode::kInvalidArgument) << c.says;
    EXPECT_THAT(std::string(MessageOf(receipt.status())), HasSubstr(c.says));
  }
  for (const char* text : {"null", "[]", "7", "{}", "\"receipt\""}) {
    EXPECT_FALSE(ReceiptFromJson(*json::Parse(text)).ok()) << text;
  }
}

TEST(Receipt, AnUnknownMemberCountsAsSigned) {
  json::Object object = Sample().ToJson();
  object["extra"] = true;
  const auto receipt = ReceiptFromJson(object);
  ASSERT_TRUE(receipt.ok());
  EXPECT_TRUE(receipt->body.contains("extra"));
}

TEST(ReceiptBody, HoldsNoSeal) {
  EXPECT_TRUE(CheckReceiptBody(Body()).ok());
  for (const char* seal : {"signature", "leaf", "proof", "checkpoint"}) {
    json::Object body = Body();
    body[seal] = "x";
    EXPECT_EQ(CheckReceiptBody(body).code(), absl::StatusCode::kInvalidArgument) << seal;
  }
}

TEST(Receipt, AnyJsonIsReadOrRefusedAndNeverMore) {
  std::mt19937 random(7);
  const std::string text = json::Compact(Sample().ToJson());
  size_t read = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string mutated = text;
    for (unsigned edits = 1 + random() % 3; edits > 0; --edits) {
      const size_t at = random() % mutated.size();
      if (random() % 2 == 0) {
        mutated[at] = "{}[]\",:0123456789abc"[random() % 20];
      } else {
        mutated.erase(at, random() % 30);
      }
    }
    const auto value = json::Parse(mutated);
    if (!value.ok()) continue;
    const auto receipt = ReceiptFromJson(*value);
    if (!receipt.ok()) continue;
    // What was read is written back as the same document: nothing was dropped or made up.
    EXPECT_EQ(json::Canonical(receipt->ToJson()), json::Canonical(*value));
    ++read;
  }
  EXPECT_GT(read, 0u);
}

TEST(ReceiptKind, HasItsWord) {
  EXPECT_EQ(ReceiptKindName(ReceiptKind::kSubmission), "submission");
  EXPECT_EQ(ReceiptKindName(ReceiptKind::kDisclosure), "disclosure");
  EXPECT_EQ(ReceiptKindName(ReceiptKind::kRefusal), "refusal");
}

}  // namespace
}  // namespace concordat::record
