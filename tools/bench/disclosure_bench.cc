// How long disclosure control takes, and it alone: the suppression and the audit of tables of counts with
// margins, and the classes of k-anonymity.
//   disclosure_bench [ROWS COLUMNS]      100 x 100 without arguments
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "fmt/format.h"
#include "host/sharing/disclosure/k_anonymity.h"
#include "host/sharing/disclosure/suppression.h"

namespace concordat::sharing {
namespace {

double Seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A random table; of its inner cells about `small_percent` are below the threshold.
CountTable MakeTable(const std::vector<int>& sizes, uint32_t small_percent, bool lists_zeros) {
  std::mt19937 random(20261120);
  CountTable table;
  int places = 1;
  for (size_t i = 0; i < sizes.size(); ++i) {
    table.dimensions.push_back(fmt::format("d{}", i));
    places *= sizes[i];
  }
  for (int place = 0; place < places; ++place) {
    CountCell cell;
    int rest = place;
    for (const int size : sizes) {
      cell.key.push_back(fmt::format("value {}", rest % size));
      rest /= size;
    }
    cell.count = random() % 100 < small_percent ? random() % 10 : 10 + random() % 300;
    if (cell.count != 0 || lists_zeros) table.cells.push_back(std::move(cell));
  }
  return WithMargins(std::move(table));
}

int Measure(std::string_view name, CountTable table, const std::vector<EarlierTable>& earlier = {}) {
  const SmallCounts rule;
  const double start = Seconds();
  const absl::Status suppressed = Suppress(rule, earlier, table);
  const double chosen = Seconds();
  const absl::Status verified = VerifySuppression(rule, earlier, table);
  const double audited = Seconds();
  size_t primary = 0, hidden = 0;
  for (const CountCell& cell : table.cells) {
    primary += cell.primary ? 1 : 0;
    hidden += cell.suppressed ? 1 : 0;
  }
  fmt::print("{:<34} {:6} cells, {:5} primary, {:5} secondary: suppress {:7.1f} ms, audit {:7.1f} ms{}\n",
             name, table.cells.size(), primary, hidden - primary, (chosen - start) * 1e3,
             (audited - chosen) * 1e3, suppressed.ok() && verified.ok() ? "" : "  FAILED");
  if (!suppressed.ok()) fmt::print("  {}\n", suppressed.ToString());
  if (!verified.ok()) fmt::print("  {}\n", verified.ToString());
  return suppressed.ok() && verified.ok() ? 0 : 1;
}

// A table that grows by a column each time, asked for by the same party `times` times before.
int MeasureLater(int rows, int columns, int times) {
  const CountTable all = MakeTable({rows, columns}, 10, true);
  std::vector<EarlierTable> earlier;
  for (int left_out = times; left_out >= 1; --left_out) {
    CountTable table = all;
    std::erase_if(table.cells, [&](const CountCell& cell) {
      for (int i = columns - left_out; i < columns; ++i) {
        if (cell.key[1] == fmt::format("value {}", i)) return true;
      }
      return false;
    });
    table = WithMargins(std::move(table));
    const absl::Status status = Suppress({}, earlier, table);
    if (!status.ok()) {
      fmt::print("{}\n", status.ToString());
      return 1;
    }
    earlier.push_back({std::move(table), fmt::format("R{}", left_out)});
  }
  return Measure(fmt::format("after {} releases of fewer columns", times), all, earlier);
}

void MeasureClasses(size_t rows) {
  constexpr size_t kColumns = 9;
  std::mt19937 random(20261120);
  const uint32_t values[kColumns] = {16, 7, 72, 7, 14,
                                     5,  2, 41, 2};  // as many as the usual census extract has
  std::vector<std::vector<std::string>> table(rows, std::vector<std::string>(kColumns));
  for (auto& row : table) {
    for (size_t i = 0; i < kColumns; ++i) row[i] = fmt::format("value number {}", random() % values[i]);
  }
  const double start = Seconds();
  EquivalenceClasses classes(kColumns);
  std::vector<std::string_view> tuple(kColumns);
  for (const auto& row : table) {
    std::copy(row.begin(), row.end(), tuple.begin());
    classes.Add(tuple);
  }
  size_t below = 0;
  for (const auto& row : table) {
    std::copy(row.begin(), row.end(), tuple.begin());
    below += classes.SizeOf(tuple) < 5 ? 1 : 0;
  }
  fmt::print("k-anonymity of {} rows over {} columns: {:.1f} ms, {} classes, {} rows below 5\n", rows,
             kColumns, (Seconds() - start) * 1e3, classes.classes(), below);
}

int Run(int rows, int columns) {
  int failed = 0;
  failed += Measure(fmt::format("{} x {}, a few small", rows, columns), MakeTable({rows, columns}, 1, true));
  failed += Measure(fmt::format("{} x {}, 10 % small", rows, columns), MakeTable({rows, columns}, 10, true));
  failed += Measure(fmt::format("{} x {}, half small", rows, columns), MakeTable({rows, columns}, 50, true));
  failed += Measure(fmt::format("{} x {}, all small", rows, columns), MakeTable({rows, columns}, 100, true));
  failed +=
      Measure(fmt::format("{} x {}, without zeros", rows, columns), MakeTable({rows, columns}, 100, false));
  failed += Measure("10000 values of one dimension", MakeTable({10000}, 10, true));
  failed += Measure("12 x 12 x 12, 10 % small", MakeTable({12, 12, 12}, 10, true));
  failed += MeasureLater(rows, columns, 1);
  failed += MeasureLater(rows, columns, 12);
  MeasureClasses(30'000);
  MeasureClasses(1'000'000);
  return failed == 0 ? 0 : 1;
}

}  // namespace
}  // namespace concordat::sharing

int main(int argc, char** argv) {
  return concordat::sharing::Run(argc > 2 ? std::atoi(argv[1]) : 100, argc > 2 ? std::atoi(argv[2]) : 100);
}
