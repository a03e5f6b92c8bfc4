#include "plugins/spreadsheet/reader.h"

#include <algorithm>

#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

// Headings of what is written in digits and is no quantity.
bool NamesACode(const std::string& heading) {
  const std::string lower = " " + Lower(heading) + " ";
  for (const std::string_view word : {"code", "phone", "telephone", "mobile", "account", "reference", " ref ",
                                      " id ", "uprn", "urn ", "identifier", "barcode"}) {
    if (lower.find(word) != lower.npos) return true;
  }
  return false;
}

bool IsWhole(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == text.npos;
}

std::string RawText(const Row& row) {
  std::string raw;
  for (const Cell& cell : row.cells) {
    if (raw.size() > 4096) break;
    raw += (raw.empty() ? "" : "\t") + std::string(row.TextOf(cell));
  }
  return raw;
}

}  // namespace

Status Reader::Open() {
  if (Status status = OpenDocument(source_, options_.read, document_); !status.ok()) return status;
  if (Status status = ChooseSheet(*document_, options_, sheet_, notes_); !status.ok()) return status;
  const TableShape& shape = sheet_.shape;
  if (shape.columns.empty()) return Status::SourceUnreadable("sheet \"" + sheet_.sheet.name + "\" is empty");
  if (sheet_.sheet.hidden) notes_.push_back("the sheet is hidden, and was read because the feed asks for it");
  if (options_.fill_merged) {
    if (Status status = PrepareMerged(); !status.ok()) return status;
  }
  places_.assign(shape.columns.back().column + 1, -1);
  for (size_t i = 0; i < shape.columns.size(); ++i)
    places_[shape.columns[i].column] = static_cast<int32_t>(i);
  seen_.resize(shape.columns.size());
  filter_.emplace(options_, shape);
  return Status::Ok();
}

// Excel tells them behind the rows: a sheet longer than the sample is then read to its end once more.
Status Reader::PrepareMerged() {
  if (!sheet_.complete) {
    std::unique_ptr<SheetReader> ahead;
    if (Status status = document_->OpenSheet(sheet_.sheet, ahead); !status.ok()) return status;
    Row row;
    for (bool more = true; more;) {
      if (Status status = ahead->Next(row, more); !status.ok()) return status;
    }
    merged_ = MergedValues(ahead->merged());
  } else {
    merged_ = MergedValues(sheet_.reader->merged());
  }
  return Status::Ok();
}

// The sample first, then the rest of the sheet.
Status Reader::NextRow(Row& row, bool& more) {
  more = true;
  if (next_sample_ < sheet_.rows.size()) {
    row = std::move(sheet_.rows[next_sample_++]);
    return Status::Ok();
  }
  sheet_.rows.clear();
  next_sample_ = 0;
  more = false;
  if (sheet_.complete) return Status::Ok();
  if (Status status = sheet_.reader->Next(row, more); !status.ok()) return status;
  if (more) Clip(options_, row);
  return Status::Ok();
}

Status Reader::Next(sdk::BatchBuilder& batch) {
  bad_cells_.clear();
  Row row;
  while (!batch.full()) {
    if (filter_->Take(row)) {
      Append(row, batch);
      continue;
    }
    if (ended_) break;
    bool more = false;
    if (Status status = NextRow(row, more); !status.ok()) return status;
    if (!more) {
      ended_ = true;
      filter_->AddEnd();
    } else if (row.number > sheet_.shape.header_row && row.number >= sheet_.shape.first_row) {
      if (!merged_.empty()) merged_.Fill(row);
      if (!row.cells.empty()) filter_->Add(std::move(row));
    }
  }
  return Status::Ok();
}

bool Reader::HasStrayCell(const Row& row, std::string& reason) const {
  for (const Cell& cell : row.cells) {
    if (cell.column < places_.size() && places_[cell.column] >= 0) continue;
    reason = "the row has a value in column " + ColumnName(cell.column) +
             ", which is none of the table's: \"" + Short(row.TextOf(cell)) + "\"";
    return true;
  }
  return false;
}

void Reader::Append(const Row& row, sdk::BatchBuilder& batch) {
  const uint64_t record = next_record_++;
  last_row_ = row.number;
  if (row.hidden) ++hidden_rows_;
  std::string reason;
  if (HasStrayCell(row, reason)) return batch.AddUnreadable(row.number, reason, RawText(row));
  size_t next = 0;
  for (const Cell& cell : row.cells) {
    const auto place = static_cast<size_t>(places_[cell.column]);
    for (; next < place; ++next) batch.column(next).Append({});
    batch.column(next++).Append(row.TextOf(cell));
    if (cell.kind == CellKind::kText && !cell.no_result) continue;
    Look(row, cell, place);
    if (cell.kind == CellKind::kError) bad_cells_.push_back({record, place, std::string(row.TextOf(cell))});
    if (cell.no_result) bad_cells_.push_back({record, place, ""});
  }
  for (; next < batch.column_count(); ++next) batch.column(next).Append({});
  batch.EndRecord(row.number);
}

void Reader::Look(const Row& row, const Cell& cell, size_t column) {
  Seen& seen = seen_[column];
  if (cell.no_result && seen.no_result++ == 0) seen.first_no_result = row.number;
  if (cell.kind == CellKind::kError && seen.errors++ == 0) seen.first_error = row.number;
  if (cell.kind != CellKind::kNumber) return;
  ++seen.numbers;
  if (cell.percent && seen.percents++ == 0) seen.percent = row.TextOf(cell);
  if (IsWhole(row.TextOf(cell))) ++seen.whole;
}

void Reader::NoteColumn(const TableColumn& column, const Seen& seen, std::vector<std::string>& notes) const {
  const std::string name = "column \"" + Short(column.name) + "\"";
  const auto from = [](uint64_t row) { return " (the first on row " + std::to_string(row) + ")"; };
  if (seen.errors > 0)
    notes.push_back(name + " has " + Counted(seen.errors, "cell") + " with an error such as #N/A" +
                    from(seen.first_error));
  if (seen.no_result > 0)
    notes.push_back(name + " has " + Counted(seen.no_result, "formula") + " without a stored result" +
                    from(seen.first_no_result) +
                    ": they were read as empty; open the workbook in Excel or LibreOffice and save it, so "
                    "that it holds them");
  if (seen.percents > 0 && !options_.read.percent_shown)
    notes.push_back(name + " is shown as a percentage and was read as it is stored, such as " + seen.percent);
  if (seen.numbers > 0 && seen.whole == seen.numbers && NamesACode(column.name))
    notes.push_back(name +
                    " looks like a code and is stored as numbers: leading zeros, if it had any, are lost in "
                    "the workbook");
}

std::vector<std::string> Reader::Notes() const {
  std::vector<std::string> notes = notes_;
  for (const std::string& note : document_->notes()) notes.push_back(note);
  for (const std::string& note : sheet_.shape.notes) notes.push_back(note);
  for (const std::string& note : filter_->notes()) notes.push_back(note);
  if (hidden_rows_ > 0)
    notes.push_back(Counted(hidden_rows_, "hidden row") + (hidden_rows_ == 1 ? " was" : " were") +
                    " read with the others");
  if (const uint64_t hidden = sheet_.reader->hidden_columns(); hidden > 0)
    notes.push_back(Counted(hidden, "column") + (hidden == 1 ? " is" : " are") + " hidden and " +
                    (hidden == 1 ? "was" : "were") + " read with the others");
  uint64_t merged = 0;
  for (const Area& area : sheet_.reader->merged()) {
    if (area.first_row > sheet_.shape.header_row && area.first_row >= sheet_.shape.first_row &&
        area.first_row <= last_row_)
      ++merged;
  }
  if (merged > 0)
    notes.push_back(
        Counted(merged, "merged area") + " among the records: the value was read for " +
        (options_.fill_merged ? "each of its cells" : "its first cell alone (see the option merged)"));
  for (size_t i = 0; i < seen_.size(); ++i) NoteColumn(sheet_.shape.columns[i], seen_[i], notes);
  return notes;
}

}  // namespace concordat::spreadsheet
