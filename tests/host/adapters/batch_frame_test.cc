// Frames: what goes in comes out, and nothing else than a whole and sound frame is ever taken.
#include "host/data/batch_frame.h"

#include <random>

#include "fmt/format.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace concordat::data {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

const std::vector<std::string> kColumns = {"name", "town"};
constexpr size_t kRules = 2;

RawBatch SmallBatch() {
  RawBatch batch;
  for (const std::string& name : kColumns) {
    auto column = std::make_shared<TextColumn>();
    column->name = name;
    for (const char* cell : {"Zoë", "", "x"}) column->Append(name == "town" ? std::string(cell) + "-" : cell);
    batch.columns.push_back(column);
  }
  batch.records = {11, 12, 15};
  batch.lines = {20, 21, 30};
  batch.unreadable = {{13, 22, "ragged", "a;b"}, {16, 31, "quotes", "\"c"}};
  return batch;
}

std::vector<RawFinding> SmallFindings() {
  return {{11, 0, 0, "odd", "mend it", {{"name", "Zoë"}}}, {15, 0, 2, "", "", {}}, {15, 1, 1, "", "", {}}};
}

std::string Encode(const BatchView& view) {
  std::string frame(FrameSize(view), '\0');
  WireWriter out(frame.data());
  WriteFrame(view, out);
  return frame;
}

absl::StatusOr<DecodedBatch> Decode(std::string_view frame, uint64_t after = 10) {
  return DecodeFrame(frame, kColumns, after, kRules, *ColumnPool::Create());
}

std::string Cause(const absl::StatusOr<DecodedBatch>& decoded) {
  return std::string(MessageOf(decoded.status()));
}

class BatchFrameTest : public ::testing::Test {
 protected:
  BatchFrameTest() : batch_(SmallBatch()), findings_(SmallFindings()), view_(ViewOf(batch_)) {
    view_.findings = findings_;
  }

  RawBatch batch_;
  std::vector<RawFinding> findings_;
  BatchView view_;
};

TEST_F(BatchFrameTest, WhatGoesInComesOut) {
  const auto decoded = Decode(Encode(view_));
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  const RawBatch& records = decoded->records;
  EXPECT_THAT(records.records, ElementsAre(11, 12, 15));
  EXPECT_THAT(records.lines, ElementsAre(20, 21, 30));
  ASSERT_THAT(records.columns, SizeIs(2));
  EXPECT_EQ(records.columns[1]->name, "town");
  EXPECT_EQ(records.columns[0]->at(0), "Zoë");
  EXPECT_EQ(records.columns[0]->at(1), "");
  EXPECT_EQ(records.columns[1]->at(2), "x-");
  ASSERT_THAT(records.unreadable, SizeIs(2));
  EXPECT_EQ(records.unreadable[1].raw, "\"c");
  ASSERT_THAT(decoded->findings, SizeIs(3));
  EXPECT_EQ(decoded->findings[0].mend, "mend it");
  EXPECT_EQ(decoded->findings[0].cells[0].second, "Zoë");
  EXPECT_EQ(decoded->findings[1].outcome, 2u);
}

TEST_F(BatchFrameTest, AViewNeedNotBeginAtTheColumnsFirstByte) {
  const auto [first, second] = SplitBatch(view_);
  const auto decoded = Decode(Encode(second), 11);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_THAT(decoded->records.records, ElementsAre(12, 15));
  EXPECT_EQ(decoded->records.columns[1]->at(0), "-");
  EXPECT_EQ(decoded->records.columns[1]->offsets[0], 0u);
}

TEST_F(BatchFrameTest, SplittingOnAndOnGivesEveryRecordOnceAndInOrder) {
  std::vector<BatchView> parts = {view_};
  for (size_t i = 0; i < parts.size();) {
    if (parts[i].rows() + parts[i].unreadable.size() == 1) {
      ++i;
      continue;
    }
    auto [first, second] = SplitBatch(parts[i]);
    parts[i] = first;
    parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i) + 1, second);
  }
  ASSERT_THAT(parts, SizeIs(5));
  std::vector<uint64_t> order;
  std::vector<size_t> findings;
  for (const BatchView& part : parts) {
    order.push_back(part.rows() == 1 ? part.records[0] : part.unreadable[0].record);
    findings.push_back(part.findings.size());
  }
  EXPECT_THAT(order, ElementsAre(11, 12, 13, 15, 16));
  EXPECT_THAT(findings, ElementsAre(1, 0, 0, 2, 0));
}

TEST_F(BatchFrameTest, NumbersThatNoFileHasAreRefused) {
  for (uint64_t* number : {&batch_.records[2], &batch_.lines[0], &batch_.unreadable[1].line}) {
    const uint64_t before = std::exchange(*number, uint64_t{1} << 53);
    EXPECT_EQ(Cause(Decode(Encode(ViewOf(batch_)))), "a record or line number beyond any file's");
    *number = before;
  }
  EXPECT_TRUE(Decode(Encode(ViewOf(batch_))).ok());
}

TEST_F(BatchFrameTest, AFindingCannotShowThousandsOfCells) {
  findings_[0].cells.assign(64, {"name", "x"});
  EXPECT_TRUE(Decode(Encode(view_)).ok());
  findings_[0].cells.emplace_back("name", "x");
  EXPECT_TRUE(absl::IsDataLoss(Decode(Encode(view_)).status()));
}

TEST_F(BatchFrameTest, EveryCutIsRefused) {
  const std::string frame = Encode(view_);
  for (size_t size = 0; size < frame.size(); ++size) {
    EXPECT_TRUE(absl::IsDataLoss(Decode(frame.substr(0, size)).status())) << size;
  }
  EXPECT_EQ(Cause(Decode(frame + '\0')), "a batch has bytes beyond its end");
}

TEST_F(BatchFrameTest, ContentThatIsNotSoundIsRefused) {
  const struct {
    const char* cause;
    void (*spoil)(RawBatch&, std::vector<RawFinding>&);
  } cases[] = {
      {"record numbers are not ascending",
       [](RawBatch& b, auto&) {
         b.records = {11, 15, 12};
       }},
      {"record numbers are not ascending",
       [](RawBatch& b, auto&) {
         b.records = {11, 11, 15};
       }},
      {"record numbers are not ascending", [](RawBatch& b, auto&) { b.records[0] = 10; }},
      {"record numbers are not ascending", [](RawBatch& b, auto&) { b.unreadable[0].record = 12; }},
      {"record numbers are not ascending", [](RawBatch& b, auto&) { b.unreadable[1].record = 13; }},
      {"record numbers are not ascending", [](RawBatch& b, auto&) { b.unreadable[0].record = 9; }},
      {"an unreadable record is told in text that is not UTF-8",
       [](RawBatch& b, auto&) { b.unreadable[0].raw = "\xFF"; }},
      {"a finding names record 13, which is not in its batch", [](RawBatch&, auto& f) { f[0].record = 13; }},
      {"a finding names a rule that does not exist", [](RawBatch&, auto& f) { f[0].rule = 2; }},
      {"a finding names a rule that does not exist", [](RawBatch&, auto& f) { f[0].outcome = 3; }},
      {"record 15 has two findings of the same rule", [](RawBatch&, auto& f) { f[2].rule = 0; }},
      {"a finding is told in text that is not UTF-8", [](RawBatch&, auto& f) { f[0].message = "\xC3"; }},
      {"the findings are cut short or not UTF-8", [](RawBatch&, auto& f) { f[0].cells[0].second = "\x80"; }},
  };
  for (const auto& [cause, spoil] : cases) {
    RawBatch batch = SmallBatch();
    std::vector<RawFinding> findings = SmallFindings();
    spoil(batch, findings);
    BatchView view = ViewOf(batch);
    view.findings = findings;
    EXPECT_EQ(Cause(Decode(Encode(view))), cause);
  }
}

TEST_F(BatchFrameTest, CellsMustBeUtf8EachByItself) {
  std::string long_run(1001, 'a');
  long_run.back() = '\xFF';
  const struct {
    const char* what;
    std::string_view bytes;
    std::vector<uint32_t> offsets;
    bool sound;
  } cases[] = {
      {"ASCII", "abc", {0, 1, 2, 3}, true},
      {"two bytes a character", "é-é", {0, 2, 3, 5}, true},
      {"a character cut in two by a cell's end", "éab", {0, 1, 3, 4}, false},
      {"a lone continuation byte", "ab\x80", {0, 1, 2, 3}, false},
      {"an overlong form", "\xC0\xAF", {0, 0, 0, 2}, false},
      {"a surrogate", "\xED\xA0\x80", {0, 0, 0, 3}, false},
      {"a character cut off at the end", "abcdefgh\xE2\x82", {0, 0, 0, 10}, false},
      {"something wrong behind a long run of ASCII", long_run, {0, 0, 0, 1001}, false},
  };
  for (const auto& [what, bytes, offsets, sound] : cases) {
    view_.columns[0] = {offsets.data(), bytes.data()};
    EXPECT_EQ(Decode(Encode(view_)).ok(), sound) << what;
  }
}

TEST_F(BatchFrameTest, OffsetsMustAscendFromZero) {
  const std::string frame = Encode(view_);
  constexpr size_t kHeader = 24;
  constexpr size_t kOffsets = kHeader + 2 * 3 * sizeof(uint64_t);
  for (const auto& [index, value] :
       std::vector<std::pair<size_t, uint32_t>>{{0, 1}, {1, 6}, {2, 0}, {3, 0xFFFFFFFF}}) {
    std::string spoilt = frame;
    std::memcpy(spoilt.data() + kOffsets + index * sizeof value, &value, sizeof value);
    EXPECT_TRUE(absl::IsDataLoss(Decode(spoilt).status())) << index;
  }
}

TEST_F(BatchFrameTest, ThousandsOfMutationsAreEitherRefusedOrSound) {
  const std::string frame = Encode(view_);
  std::mt19937 random(20261120);
  size_t refused = 0;
  constexpr size_t kMutations = 50'000;
  for (size_t i = 0; i < kMutations; ++i) {
    std::string mutated = frame;
    for (size_t changes = 1 + random() % 4; changes > 0; --changes) {
      mutated[random() % mutated.size()] = static_cast<char>(random() % 4 == 0 ? 0xFF : random());
    }
    const auto decoded = Decode(mutated);
    refused += !decoded.ok();
    if (!decoded.ok()) continue;
    for (const auto& column : decoded->records.columns) ASSERT_EQ(column->rows(), decoded->records.rows());
    for (const RawFinding& finding : decoded->findings) ASSERT_LT(finding.rule, kRules);
  }
  EXPECT_GT(refused, kMutations / 2);
  EXPECT_LT(refused, kMutations);
}

TEST_F(BatchFrameTest, ColumnsAreUsedAgainAndKnowNothingOfTheirPast) {
  const auto pool = ColumnPool::Create();
  const std::string frame = Encode(view_);
  const char* memory = nullptr;
  {
    const auto first = DecodeFrame(frame, {"a", "b"}, 0, kRules, *pool);
    ASSERT_TRUE(first.ok());
    memory = reinterpret_cast<const char*>(first->records.columns[1].get());
  }
  const std::shared_ptr<TextColumn> again = pool->Take();
  EXPECT_EQ(reinterpret_cast<const char*>(again.get()), memory);
  EXPECT_EQ(again->name, "");
  EXPECT_TRUE(again->offsets.empty());
  EXPECT_TRUE(again->bytes.empty());
}

TEST_F(BatchFrameTest, AColumnOutlivesItsPool) {
  std::shared_ptr<TextColumn> column = ColumnPool::Create()->Take();
  column->bytes = "still here";
  EXPECT_EQ(column->bytes, "still here");
}

}  // namespace
}  // namespace concordat::data
