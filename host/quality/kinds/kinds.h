// The rule kinds, by the names that YAML uses.
#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "host/quality/rule_reader.h"

namespace concordat::quality {

/// Reads a rule's `with`. Null after a reported mistake; a result with mistakes reported is thrown away.
using CompileKind = std::unique_ptr<const Rule> (*)(RuleReader& reader);

struct KindEntry {
  std::string_view name;
  CompileKind compile;
};

/// All kinds, in the order of interfaces.md's table.
std::span<const KindEntry> AllKinds();

std::unique_ptr<const Rule> CompileRequired(RuleReader& reader);
std::unique_ptr<const Rule> CompileMustBeEmpty(RuleReader& reader);
std::unique_ptr<const Rule> CompileInList(RuleReader& reader);
std::unique_ptr<const Rule> CompileNotInList(RuleReader& reader);
std::unique_ptr<const Rule> CompileRegex(RuleReader& reader);
std::unique_ptr<const Rule> CompileNotRegex(RuleReader& reader);
std::unique_ptr<const Rule> CompilePattern(RuleReader& reader);
std::unique_ptr<const Rule> CompileLength(RuleReader& reader);
std::unique_ptr<const Rule> CompileRange(RuleReader& reader);
std::unique_ptr<const Rule> CompileDecimalPlaces(RuleReader& reader);
std::unique_ptr<const Rule> CompileUnique(RuleReader& reader);
std::unique_ptr<const Rule> CompileCompare(RuleReader& reader);
std::unique_ptr<const Rule> CompileDateDiff(RuleReader& reader);
std::unique_ptr<const Rule> CompileAllOrNone(RuleReader& reader);
std::unique_ptr<const Rule> CompileExactlyNOf(RuleReader& reader);
std::unique_ptr<const Rule> CompileInReference(RuleReader& reader);
std::unique_ptr<const Rule> CompileExpression(RuleReader& reader);
std::unique_ptr<const Rule> CompileRowCount(RuleReader& reader);
std::unique_ptr<const Rule> CompileFreshness(RuleReader& reader);
std::unique_ptr<const Rule> CompileLateness(RuleReader& reader);
std::unique_ptr<const Rule> CompilePeriod(RuleReader& reader);
std::unique_ptr<const Rule> CompileRepeatedBytes(RuleReader& reader);
std::unique_ptr<const Rule> CompileType(RuleReader& reader);
std::unique_ptr<const Rule> CompileFormat(RuleReader& reader);
std::unique_ptr<const Rule> CompileCheckDigit(RuleReader& reader);
std::unique_ptr<const Rule> CompileMultipleOf(RuleReader& reader);
std::unique_ptr<const Rule> CompileNotFuture(RuleReader& reader);
std::unique_ptr<const Rule> CompileWhitespace(RuleReader& reader);
std::unique_ptr<const Rule> CompileCase(RuleReader& reader);
std::unique_ptr<const Rule> CompileCharset(RuleReader& reader);
std::unique_ptr<const Rule> CompilePlaceholder(RuleReader& reader);
std::unique_ptr<const Rule> CompileTruncated(RuleReader& reader);
std::unique_ptr<const Rule> CompileDistinctWithinRow(RuleReader& reader);
std::unique_ptr<const Rule> CompileSumEquals(RuleReader& reader);
std::unique_ptr<const Rule> CompileAggregate(RuleReader& reader);
std::unique_ptr<const Rule> CompileDistinctCount(RuleReader& reader);
std::unique_ptr<const Rule> CompileValueShare(RuleReader& reader);
std::unique_ptr<const Rule> CompileDatePattern(RuleReader& reader);
std::unique_ptr<const Rule> CompileValueType(RuleReader& reader);
std::unique_ptr<const Rule> CompileJson(RuleReader& reader);
std::unique_ptr<const Rule> CompileMonotonic(RuleReader& reader);
std::unique_ptr<const Rule> CompileNoOverlap(RuleReader& reader);
std::unique_ptr<const Rule> CompileNoGap(RuleReader& reader);
std::unique_ptr<const Rule> CompileLegalTransition(RuleReader& reader);
std::unique_ptr<const Rule> CompileAgeRange(RuleReader& reader);
std::unique_ptr<const Rule> CompileGeoPoint(RuleReader& reader);
std::unique_ptr<const Rule> CompileRetention(RuleReader& reader);
std::unique_ptr<const Rule> CompileCodeList(RuleReader& reader);
std::unique_ptr<const Rule> CompileAnyOf(RuleReader& reader);
std::unique_ptr<const Rule> CompileAllOf(RuleReader& reader);
std::unique_ptr<const Rule> CompileNoneOf(RuleReader& reader);
std::unique_ptr<const Rule> CompileDistinctValues(RuleReader& reader);
std::unique_ptr<const Rule> CompileMostCommonValue(RuleReader& reader);
std::unique_ptr<const Rule> CompileQuantile(RuleReader& reader);
std::unique_ptr<const Rule> CompileOutlierShare(RuleReader& reader);
std::unique_ptr<const Rule> CompileIndependent(RuleReader& reader);
std::unique_ptr<const Rule> CompileColumns(RuleReader& reader);
std::unique_ptr<const Rule> CompileColumnCount(RuleReader& reader);
std::unique_ptr<const Rule> CompileCoverageOfPeriod(RuleReader& reader);
std::unique_ptr<const Rule> CompileChange(RuleReader& reader);
std::unique_ptr<const Rule> CompileMissingSubmission(RuleReader& reader);
std::unique_ptr<const Rule> CompileNewCategory(RuleReader& reader);

}  // namespace concordat::quality
