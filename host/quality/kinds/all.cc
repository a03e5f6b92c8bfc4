// The list of rule kinds: a new kind is one file beside this one, a declaration in kinds.h and a line here.
#include "host/quality/kinds/kinds.h"

namespace concordat::quality {
namespace {

constexpr KindEntry kKinds[] = {
    {"required", CompileRequired},
    {"must_be_empty", CompileMustBeEmpty},
    {"in_list", CompileInList},
    {"not_in_list", CompileNotInList},
    {"regex", CompileRegex},
    {"not_regex", CompileNotRegex},
    {"pattern", CompilePattern},
    {"length", CompileLength},
    {"range", CompileRange},
    {"decimal_places", CompileDecimalPlaces},
    {"unique", CompileUnique},
    {"compare", CompileCompare},
    {"date_diff", CompileDateDiff},
    {"all_or_none", CompileAllOrNone},
    {"exactly_n_of", CompileExactlyNOf},
    {"in_reference", CompileInReference},
    {"expression", CompileExpression},
    {"row_count", CompileRowCount},
    {"freshness", CompileFreshness},
    {"lateness", CompileLateness},
    {"period", CompilePeriod},
    {"repeated_bytes", CompileRepeatedBytes},
    {"type", CompileType},
    {"format", CompileFormat},
    {"check_digit", CompileCheckDigit},
    {"multiple_of", CompileMultipleOf},
    {"not_future", CompileNotFuture},
    {"whitespace", CompileWhitespace},
    {"case", CompileCase},
    {"charset", CompileCharset},
    {"placeholder", CompilePlaceholder},
    {"distinct_within_row", CompileDistinctWithinRow},
    {"sum_equals", CompileSumEquals},
    {"aggregate", CompileAggregate},
    {"distinct_count", CompileDistinctCount},
    {"value_share", CompileValueShare},
};

}  // namespace

std::span<const KindEntry> AllKinds() { return kKinds; }

}  // namespace concordat::quality
