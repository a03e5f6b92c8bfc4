#include "host/data/batch_frame.h"

#include <algorithm>

#include "fmt/format.h"
#include "host/base/utf8.h"

namespace concordat::data {
namespace {

constexpr uint32_t kMagic = 0x31464243;  // "CBF1"
constexpr size_t kMostColumns = 16384;
constexpr size_t kMostFindingCells = 64;              // as many values as anybody looks at
constexpr uint64_t kMostRecords = uint64_t{1} << 53;  // beyond, JSON and the store would count wrongly

struct Header {
  uint32_t magic = 0;
  uint32_t columns = 0;
  uint64_t rows = 0;
  uint32_t unreadable = 0;
  uint32_t findings = 0;
};

absl::Status Broken(std::string what) { return absl::DataLossError(std::move(what)); }

void WriteColumn(const TextView& column, size_t rows, WireWriter& out) {
  const uint32_t first = column.offsets[0];
  if (first == 0) {
    out.Array(column.offsets, rows + 1);
  } else if (uint32_t* offsets = out.Room<uint32_t>(rows + 1); offsets != nullptr) {
    for (size_t row = 0; row <= rows; ++row) offsets[row] = column.offsets[row] - first;
  }
  out.Array(column.bytes + first, column.offsets[rows] - first);
}

void WriteUnreadable(const UnreadableRecord& bad, WireWriter& out) {
  out.Put(bad.record);
  out.Put(bad.line);
  out.Text(bad.reason);
  out.Text(bad.raw);
}

void WriteFinding(const RawFinding& finding, WireWriter& out) {
  out.Put(finding.record);
  out.Put(finding.rule);
  out.Put(finding.outcome);
  out.Text(finding.message);
  out.Text(finding.mend);
  out.Put(static_cast<uint32_t>(finding.cells.size()));
  for (const auto& [column, value] : finding.cells) {
    out.Text(column);
    out.Text(value);
  }
}

bool ReadHeader(WireReader& in, Header& header) {
  return in.Get(header.magic) && in.Get(header.columns) && in.Get(header.rows) && in.Get(header.unreadable) &&
         in.Get(header.findings) && header.magic == kMagic;
}

bool ReadNumbers(WireReader& in, size_t count, std::vector<uint64_t>& numbers) {
  const uint64_t* from = in.Array<uint64_t>(count);
  if (from != nullptr) numbers.assign(from, from + count);
  return from != nullptr;
}

// Branch-free, so that it vectorises: this looks at every offset of every batch.
bool Ascending(const std::vector<uint32_t>& offsets) {
  uint32_t wrong = 0;
  for (size_t i = 1; i < offsets.size(); ++i) wrong |= offsets[i - 1] > offsets[i];
  return wrong == 0;
}

bool StrictlyAscending(const std::vector<uint64_t>& numbers) {
  uint32_t wrong = 0;
  for (size_t i = 1; i < numbers.size(); ++i) wrong |= numbers[i - 1] >= numbers[i];
  return wrong == 0;
}

bool IsAscii(std::string_view bytes) {
  uint64_t high = 0;
  size_t i = 0;
  for (; i + 8 <= bytes.size(); i += 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data() + i, 8);
    high |= word;
  }
  for (; i < bytes.size(); ++i) high |= static_cast<unsigned char>(bytes[i]) & 0x80;
  return (high & 0x8080808080808080u) == 0;
}

// Each cell must be well-formed by itself: the whole is, and no cell starts within a sequence.
bool CellsAreUtf8(const TextColumn& column) {
  if (IsAscii(column.bytes)) return true;
  if (!IsUtf8(column.bytes)) return false;
  return std::all_of(column.offsets.begin(), column.offsets.end(), [&](uint32_t offset) {
    return offset == column.bytes.size() || (static_cast<unsigned char>(column.bytes[offset]) & 0xC0) != 0x80;
  });
}

absl::Status ReadColumn(WireReader& in, size_t rows, TextColumn& column) {
  const uint32_t* offsets = in.Array<uint32_t>(rows + 1);
  if (offsets == nullptr) return Broken(fmt::format("column \"{}\" is cut short", column.name));
  column.offsets.assign(offsets, offsets + rows + 1);
  if (column.offsets.front() != 0 || !Ascending(column.offsets)) {
    return Broken(fmt::format("the offsets of column \"{}\" are not ascending", column.name));
  }
  const char* bytes = in.Array<char>(column.offsets.back());
  if (bytes == nullptr) return Broken(fmt::format("column \"{}\" is cut short", column.name));
  column.bytes.assign(bytes, column.offsets.back());
  if (!CellsAreUtf8(column))
    return Broken(fmt::format("column \"{}\" has text that is not UTF-8", column.name));
  return absl::OkStatus();
}

absl::Status ReadUnreadable(WireReader& in, size_t count, std::vector<UnreadableRecord>& list) {
  constexpr size_t kLeast = 2 * sizeof(uint64_t) + 2 * sizeof(uint32_t);
  if (count > in.left() / kLeast) return Broken("the unreadable records are cut short");
  list.resize(count);
  for (UnreadableRecord& bad : list) {
    if (!in.Get(bad.record) || !in.Get(bad.line) || !in.Text(bad.reason) || !in.Text(bad.raw)) {
      return Broken("the unreadable records are cut short");
    }
    if (!IsUtf8(bad.reason) || !IsUtf8(bad.raw))
      return Broken("an unreadable record is told in text that is not UTF-8");
  }
  return absl::OkStatus();
}

bool ReadCells(WireReader& in, RawFinding& finding) {
  uint32_t count = 0;
  if (!in.Get(count) || count > in.left() / (2 * sizeof(uint32_t)) || count > kMostFindingCells) return false;
  finding.cells.resize(count);
  return std::all_of(finding.cells.begin(), finding.cells.end(), [&](auto& cell) {
    return in.Text(cell.first) && in.Text(cell.second) && IsUtf8(cell.first) && IsUtf8(cell.second);
  });
}

absl::Status ReadFindings(WireReader& in, size_t count, std::vector<RawFinding>& list) {
  constexpr size_t kLeast = sizeof(uint64_t) + 5 * sizeof(uint32_t);
  if (count > in.left() / kLeast) return Broken("the findings are cut short");
  list.resize(count);
  for (RawFinding& finding : list) {
    if (!in.Get(finding.record) || !in.Get(finding.rule) || !in.Get(finding.outcome) ||
        !in.Text(finding.message) || !in.Text(finding.mend) || !ReadCells(in, finding)) {
      return Broken("the findings are cut short or not UTF-8");
    }
    if (!IsUtf8(finding.message) || !IsUtf8(finding.mend))
      return Broken("a finding is told in text that is not UTF-8");
  }
  return absl::OkStatus();
}

bool Countable(const RawBatch& batch) {
  const auto fits = [](uint64_t number) { return number < kMostRecords; };
  return (batch.records.empty() || fits(batch.records.back())) &&
         std::all_of(batch.lines.begin(), batch.lines.end(), fits) &&
         std::all_of(batch.unreadable.begin(), batch.unreadable.end(),
                     [&](const UnreadableRecord& bad) { return fits(bad.record) && fits(bad.line); });
}

absl::Status CheckRecordNumbers(const RawBatch& batch, uint64_t after) {
  const auto wrong = [] { return Broken("record numbers are not ascending"); };
  if (!StrictlyAscending(batch.records)) return wrong();
  if (!batch.records.empty() && batch.records.front() <= after) return wrong();
  for (const UnreadableRecord& bad : batch.unreadable) {
    if (bad.record <= after) return wrong();
    after = bad.record;
    if (std::binary_search(batch.records.begin(), batch.records.end(), bad.record)) return wrong();
  }
  return absl::OkStatus();
}

absl::Status CheckFindings(const DecodedBatch& batch, size_t rule_count) {
  std::vector<std::pair<uint64_t, uint32_t>> seen;
  seen.reserve(batch.findings.size());
  for (const RawFinding& finding : batch.findings) {
    if (finding.rule >= rule_count || finding.outcome > 2)
      return Broken("a finding names a rule that does not exist");
    if (!std::binary_search(batch.records.records.begin(), batch.records.records.end(), finding.record)) {
      return Broken(fmt::format("a finding names record {}, which is not in its batch", finding.record));
    }
    seen.emplace_back(finding.record, finding.rule);
  }
  std::sort(seen.begin(), seen.end());
  const auto twice = std::adjacent_find(seen.begin(), seen.end());
  if (twice == seen.end()) return absl::OkStatus();
  return Broken(fmt::format("record {} has two findings of the same rule", twice->first));
}

}  // namespace

BatchView ViewOf(const RawBatch& batch) {
  BatchView view;
  for (const auto& column : batch.columns)
    view.columns.push_back({column->offsets.data(), column->bytes.data()});
  view.records = batch.records;
  view.lines = batch.lines;
  view.unreadable = batch.unreadable;
  return view;
}

void WriteFrame(const BatchView& batch, WireWriter& out) {
  out.Align();
  out.Put(kMagic);
  out.Put(static_cast<uint32_t>(batch.columns.size()));
  out.Put(static_cast<uint64_t>(batch.rows()));
  out.Put(static_cast<uint32_t>(batch.unreadable.size()));
  out.Put(static_cast<uint32_t>(batch.findings.size()));
  out.Array(batch.records.data(), batch.rows());
  out.Array(batch.lines.data(), batch.rows());
  for (const TextView& column : batch.columns) WriteColumn(column, batch.rows(), out);
  for (const UnreadableRecord& bad : batch.unreadable) WriteUnreadable(bad, out);
  for (const RawFinding& finding : batch.findings) WriteFinding(finding, out);
}

size_t FrameSize(const BatchView& batch) {
  WireWriter counter;
  WriteFrame(batch, counter);
  return counter.size();
}

std::pair<BatchView, BatchView> SplitBatch(const BatchView& batch) {
  const size_t bad_count = batch.unreadable.size();
  // The first record of the second part: never the first of all, so that neither part is empty.
  uint64_t cut = 0;
  if (batch.rows() >= 2) {
    cut = batch.records[batch.rows() / 2];
  } else if (bad_count >= 2) {
    cut = batch.unreadable[bad_count / 2].record;
  } else {
    cut = std::max(batch.records[0], batch.unreadable[0].record);
  }
  const auto rows = static_cast<size_t>(std::lower_bound(batch.records.begin(), batch.records.end(), cut) -
                                        batch.records.begin());
  const auto before = [&](const auto& item) { return item.record < cut; };
  const auto bad =
      static_cast<size_t>(std::partition_point(batch.unreadable.begin(), batch.unreadable.end(), before) -
                          batch.unreadable.begin());
  const auto found = static_cast<size_t>(
      std::partition_point(batch.findings.begin(), batch.findings.end(), before) - batch.findings.begin());
  BatchView first{batch.columns, batch.records.first(rows), batch.lines.first(rows),
                  batch.unreadable.first(bad), batch.findings.first(found)};
  BatchView second{batch.columns, batch.records.subspan(rows), batch.lines.subspan(rows),
                   batch.unreadable.subspan(bad), batch.findings.subspan(found)};
  for (TextView& column : second.columns) column.offsets += rows;
  return {std::move(first), std::move(second)};
}

absl::StatusOr<DecodedBatch> DecodeFrame(std::string_view frame, const std::vector<std::string>& columns,
                                         uint64_t after, size_t rule_count, ColumnPool& pool) {
  WireReader in(frame);
  Header header;
  if (!ReadHeader(in, header)) return Broken("a batch does not begin as batches do");
  if (header.columns != columns.size()) {
    return Broken(fmt::format("a batch has {} columns, not {}", header.columns, columns.size()));
  }
  DecodedBatch batch;
  if (header.rows > frame.size() / sizeof(uint64_t) || !ReadNumbers(in, header.rows, batch.records.records) ||
      !ReadNumbers(in, header.rows, batch.records.lines)) {
    return Broken("the record numbers are cut short");
  }
  for (const std::string& name : columns) {
    std::shared_ptr<TextColumn> column = pool.Take();
    column->name = name;
    RETURN_IF_ERROR(ReadColumn(in, header.rows, *column));
    batch.records.columns.push_back(std::move(column));
  }
  RETURN_IF_ERROR(ReadUnreadable(in, header.unreadable, batch.records.unreadable));
  RETURN_IF_ERROR(ReadFindings(in, header.findings, batch.findings));
  if (!in.at_end()) return Broken("a batch has bytes beyond its end");
  RETURN_IF_ERROR(CheckRecordNumbers(batch.records, after));
  if (!Countable(batch.records)) return Broken("a record or line number beyond any file's");
  RETURN_IF_ERROR(CheckFindings(batch, rule_count));
  return batch;
}

absl::StatusOr<BatchView> ViewFrame(WireReader& in) {
  in.Align();
  Header header;
  if (!ReadHeader(in, header) || header.columns > kMostColumns || header.unreadable > 0 ||
      header.findings > 0) {
    return Broken("not a table of cells");
  }
  BatchView view;
  const uint64_t* records = in.Array<uint64_t>(header.rows);
  const uint64_t* lines = in.Array<uint64_t>(header.rows);
  if (records == nullptr || lines == nullptr) return Broken("a table is cut short");
  view.records = {records, header.rows};
  view.lines = {lines, header.rows};
  for (uint32_t i = 0; i < header.columns; ++i) {
    TextView column;
    column.offsets = in.Array<uint32_t>(header.rows + 1);
    column.bytes = column.offsets == nullptr ? nullptr : in.Array<char>(column.offsets[header.rows]);
    if (column.bytes == nullptr) return Broken("a table is cut short");
    view.columns.push_back(column);
  }
  return view;
}

}  // namespace concordat::data
