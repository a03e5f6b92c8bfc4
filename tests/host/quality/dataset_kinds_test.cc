// Rules about the dataset as a whole, and rules that need to know more than the file.
#include "fmt/format.h"
#include "gmock/gmock.h"
#include "tests/host/quality/batch_builder.h"

namespace concordat::quality {
namespace {

using record::RuleStatus;
using testing::HasSubstr;

RunContext OnHost() {
  RunContext context;
  context.on_host = true;
  context.as_of = absl::FromCivil(absl::CivilDay(2024, 6, 10), absl::UTCTimeZone());
  context.period = TestPeriod();
  context.received = context.as_of;
  return context;
}

record::RuleResult ResultOf(const policy::RuleSpec& spec, const std::vector<std::string>& columns,
                            const Rows& rows, RunContext context) {
  const auto rules = MustCompile({spec});
  Judge judge(rules, policy::Gate(), std::move(context), {}, nullptr);
  judge.Add(MakeBatch(rules->schema, columns, rows), {});
  return judge.Finish(0).scorecard.rules.at(0);
}

TEST(RowCount, FailsOutsideItsBounds) {
  const Rows three = {{"a"}, {"b"}, {"x"}};
  EXPECT_EQ(ResultOf(Spec("row_count", "{min: 3}"), {"code"}, three, {}).status, RuleStatus::kMet);
  const record::RuleResult few = ResultOf(Spec("row_count", "{min: 4}"), {"code"}, three, {});
  EXPECT_EQ(few.status, RuleStatus::kBreached);
  EXPECT_EQ(few.counts.fail, 1u);
  EXPECT_EQ(few.samples.at(0).message, "there are 3 records where at least 4 are expected");
  EXPECT_EQ(few.samples.at(0).record, 0u);
  EXPECT_EQ(ResultOf(Spec("row_count", "{max: 2}"), {"code"}, three, {}).status, RuleStatus::kBreached);
  EXPECT_EQ(ResultOf(Spec("row_count", "{max: 2}", "record.code != \"a\""), {"code"}, three, {}).status,
            RuleStatus::kMet);
}

TEST(RowCount, UsesTheThresholdOfAnOdcsMetric) {
  policy::RuleSpec spec = Spec("row_count", "{}");
  spec.threshold = policy::Threshold{"mustBeGreaterThan", 3};
  const record::RuleResult result = ResultOf(spec, {"code"}, {{"a"}, {"b"}, {"x"}}, {});
  EXPECT_EQ(result.status, RuleStatus::kBreached);
  EXPECT_EQ(result.samples.at(0).message, "there are 3 records where more than 3 are expected");
  spec.threshold->value = 2;
  EXPECT_EQ(ResultOf(spec, {"code"}, {{"a"}, {"b"}, {"x"}}, {}).status, RuleStatus::kMet);
}

TEST(Freshness, JudgesTheNewestValueAtTheTimeOfTheRun) {
  const Rows rows = {{"2024-05-01"}, {"2024-05-31"}, {""}, {"bad"}};
  EXPECT_EQ(ResultOf(Spec("freshness", "{field: d, max_age: P10D}"), {"d"}, rows, OnHost()).status,
            RuleStatus::kMet);
  const record::RuleResult old =
      ResultOf(Spec("freshness", "{field: d, max_age: P9D}"), {"d"}, rows, OnHost());
  EXPECT_EQ(old.status, RuleStatus::kBreached);
  EXPECT_THAT(old.samples.at(0).message, HasSubstr("the newest d is \"2024-05-31\", older than P9D"));
}

TEST(Freshness, WithoutAnyValueIsNotMeasured) {
  const record::RuleResult result =
      ResultOf(Spec("freshness", "{field: d, max_age: P9D}"), {"d"}, {{""}}, OnHost());
  EXPECT_EQ(result.counts.skip, 1u);
  EXPECT_EQ(result.status, RuleStatus::kNotEvaluated);
}

TEST(Lateness, IsToldByTheHostAlone) {
  RunContext context = OnHost();
  context.due = context.as_of - absl::Hours(50);
  const record::RuleResult late = ResultOf(Spec("lateness", "{}"), {"code"}, {{"a"}}, context);
  EXPECT_EQ(late.status, RuleStatus::kBreached);
  EXPECT_THAT(late.samples.at(0).message, HasSubstr("2 days after it was due"));
  context.due = context.as_of;
  EXPECT_EQ(ResultOf(Spec("lateness", "{}"), {"code"}, {{"a"}}, context).status, RuleStatus::kMet);
  const record::RuleResult unknown = ResultOf(Spec("lateness", "{}"), {"code"}, {{"a"}}, {});
  EXPECT_EQ(unknown.status, RuleStatus::kNotEvaluated);
  EXPECT_EQ(unknown.counts.total(), 0u);
  EXPECT_THAT(unknown.note, HasSubstr("only the host knows"));
}

TEST(RepeatedBytes, NamesTheEarlierSubmission) {
  RunContext context = OnHost();
  EXPECT_EQ(ResultOf(Spec("repeated_bytes", "{}"), {"code"}, {{"a"}}, context).status, RuleStatus::kMet);
  context.repeated_bytes = "submission S-1 for 2024-04";
  const record::RuleResult repeated = ResultOf(Spec("repeated_bytes", "{}"), {"code"}, {{"a"}}, context);
  EXPECT_EQ(repeated.status, RuleStatus::kBreached);
  EXPECT_THAT(repeated.samples.at(0).message, HasSubstr("S-1 for 2024-04"));
  EXPECT_EQ(ResultOf(Spec("repeated_bytes", "{}"), {"code"}, {{"a"}}, {}).status, RuleStatus::kNotEvaluated);
}

TEST(Period, IsNotEvaluatedWithoutANamedPeriod) {
  const record::RuleResult result = ResultOf(Spec("period", "{field: d}"), {"d"}, {{"2024-05-01"}}, {});
  EXPECT_EQ(result.status, RuleStatus::kNotEvaluated);
  EXPECT_THAT(result.note, HasSubstr("--period"));
}

TEST(Period, OfAWholeYearInAMonthTouchesIt) {
  auto schema = std::make_shared<data::Schema>();
  schema->fields = {TestField("year", data::LogicalType::kDate, "yyyy")};
  const auto rules = MustCompile({Spec("period", "{field: year}")}, schema);
  Judge judge(rules, policy::Gate(), OnHost(), {}, nullptr);
  judge.Add(MakeBatch(schema, {"year"}, {{"2024"}, {"2023"}, {"2025"}}), {});
  EXPECT_EQ(judge.Finish(0).scorecard.rules[0].counts, (record::Counts{1, 2, 0, 0, 0}));
}

std::shared_ptr<const ReferenceTable> Stations() {
  auto id = std::make_shared<data::TextColumn>();
  id->name = "id";
  for (const char* text : {"S1", "S2"}) id->Append(text);
  auto table = std::make_shared<ReferenceTable>();
  table->columns = {id};
  return table;
}

TEST(InReference, LooksUpTheRecordsOfAnotherDataset) {
  RunContext context = OnHost();
  context.dataset = [](const DatasetId& id) -> absl::StatusOr<std::shared_ptr<const ReferenceTable>> {
    EXPECT_EQ(id.str(), "stations");
    return Stations();
  };
  const record::RuleResult result =
      ResultOf(Spec("in_reference", "{fields: [code], dataset: stations, key: [id]}"), {"code"},
               {{"S1"}, {"S3"}, {""}}, context);
  EXPECT_EQ(result.counts, (record::Counts{1, 1, 1, 0, 0}));
  EXPECT_EQ(result.samples.at(0).message, "code \"S3\" is not in stations");
}

TEST(InReference, IsNotEvaluatedWhereOnlyTheHostHasTheRecords) {
  RunContext offline;
  offline.dataset = [](const DatasetId&) -> absl::StatusOr<std::shared_ptr<const ReferenceTable>> {
    return absl::UnavailableError("offline");
  };
  for (const RunContext& context : {RunContext(), offline}) {
    const record::RuleResult result = ResultOf(
        Spec("in_reference", "{fields: [code], dataset: stations, key: [id]}"), {"code"}, {{"S1"}}, context);
    EXPECT_EQ(result.status, RuleStatus::kNotEvaluated);
    EXPECT_EQ(result.counts.total(), 0u);
    EXPECT_THAT(result.note, HasSubstr("dataset stations"));
  }
}

TEST(InReference, IsAnErrorOnAHostThatLacksTheRecords) {
  RunContext context = OnHost();
  context.dataset = [](const DatasetId&) -> absl::StatusOr<std::shared_ptr<const ReferenceTable>> {
    return absl::NotFoundError("nothing stored yet");
  };
  const record::RuleResult result =
      ResultOf(Spec("in_reference", "{fields: [code], dataset: stations, key: [id]}"), {"code"},
               {{"S1"}, {"S2"}}, context);
  EXPECT_EQ(result.counts, (record::Counts{0, 0, 0, 0, 2}));
  EXPECT_EQ(result.status, RuleStatus::kNotEvaluated);
  EXPECT_THAT(result.note, HasSubstr("nothing stored yet"));
}

TEST(Aggregate, JudgesAFigureOverAllNumbersThatThereAre) {
  const Rows rows = {{"2"}, {"4"}, {""}, {"9"}, {"bad"}, {"c"}, {"5"}};
  struct Case {
    const char* of;
    double value;
  };
  for (const auto& [of, value] :
       {Case{"min", 2}, {"max", 9}, {"sum", 20}, {"mean", 5}, {"median", 4.5}, {"stdev", 2.9439}}) {
    const auto bounded = [&](double min, double max) {
      return ResultOf(Spec("aggregate", fmt::format("{{field: x, of: {}, min: {}, max: {}}}", of, min, max)),
                      {"x"}, rows, {})
          .status;
    };
    EXPECT_EQ(bounded(value - 0.01, value + 0.01), RuleStatus::kMet) << of;
    EXPECT_EQ(bounded(value + 0.01, value + 1), RuleStatus::kBreached) << of;
    EXPECT_EQ(bounded(value - 1, value - 0.01), RuleStatus::kBreached) << of;
  }
  const record::RuleResult high =
      ResultOf(Spec("aggregate", "{field: x, of: mean, max: 4}"), {"x"}, rows, {});
  EXPECT_EQ(high.samples.at(0).message, "the mean of x is 5 where at most 4 is expected");
  EXPECT_EQ(ResultOf(Spec("aggregate", "{field: x, of: mean, max: 4}"), {"x"}, {{""}}, {}).status,
            RuleStatus::kNotEvaluated);
}

TEST(Aggregate, LosesNoSmallNumberBesideGreatOnes) {
  EXPECT_EQ(ResultOf(Spec("aggregate", "{field: x, of: sum, min: 2, max: 2}"), {"x"},
                     {{"1"}, {"1e100"}, {"1"}, {"-1e100"}}, {})
                .status,
            RuleStatus::kMet);
}

TEST(DistinctCount, CountsDifferentTextsOrTheirShare) {
  const Rows rows = {{"a"}, {"b"}, {"a"}, {""}, {"c"}, {"a"}};
  EXPECT_EQ(ResultOf(Spec("distinct_count", "{field: code, min: 2, max: 2}"), {"code"}, rows, {}).status,
            RuleStatus::kMet)
      << "the marker c takes no part";
  EXPECT_EQ(
      ResultOf(Spec("distinct_count", "{field: code, min: 3}"), {"code"}, rows, {}).samples.at(0).message,
      "code has 2 different values where at least 3 are expected");
  EXPECT_EQ(
      ResultOf(Spec("distinct_count", "{field: code, max: 60%, share: true}"), {"code"}, rows, {}).status,
      RuleStatus::kMet);
  EXPECT_EQ(
      ResultOf(Spec("distinct_count", "{field: code, max: 40%, share: true}"), {"code"}, rows, {}).status,
      RuleStatus::kBreached);
}

TEST(ValueShare, FindsTooManyDefaultsAndValuesThatNeverOccur) {
  const Rows rows = {{"Not known"}, {"a"}, {"b"}, {"Not known"}, {""}};
  EXPECT_EQ(ResultOf(Spec("value_share", "{field: code, values: [Not known], max: 50%}"), {"code"}, rows, {})
                .status,
            RuleStatus::kMet);
  EXPECT_EQ(ResultOf(Spec("value_share", "{field: code, values: [Not known], max: 49%}"), {"code"}, rows, {})
                .samples.at(0)
                .message,
            "2 of 4 records (50%) have code Not known where at most 49% are expected");
  EXPECT_EQ(ResultOf(Spec("value_share", "{field: code, values: [z], min: 0.1%}"), {"code"}, rows, {}).status,
            RuleStatus::kBreached);
}

TEST(NotFuture, ComparesWithTheTimeOfTheRun) {
  const RunContext context = OnHost();
  EXPECT_EQ(AnswersOf(Spec("not_future", "{field: d}"), {"d"},
                      {{"2024-06-10"}, {"2024-06-11"}, {""}, {"bad"}}, context),
            "PFSF");
  EXPECT_EQ(AnswersOf(Spec("not_future", "{field: t}"), {"t"},
                      {{"2024-06-09T23:59:59Z"}, {"2024-06-10T00:00:01Z"}}, context),
            "PF");
}

}  // namespace
}  // namespace concordat::quality
