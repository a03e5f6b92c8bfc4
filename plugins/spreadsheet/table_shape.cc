#include "plugins/spreadsheet/table_shape.h"

#include <algorithm>
#include <map>
#include <set>

#include "plugins/spreadsheet/words.h"

namespace concordat::spreadsheet {
namespace {

/// Names out of the header's rows, by column.
class Names {
 public:
  Names(const std::vector<Row>& rows, const HeaderRows& header, const std::vector<Area>& merged)
      : rows_(rows), header_(header), merged_(merged) {
    for (size_t i = header.first; i <= header.last; ++i) {
      for (const Cell& cell : rows[i].cells) columns_.insert(cell.column);
    }
    for (const uint32_t column : columns_) names_[column] = Join(column);
    // Below a group that spans columns there may be one without a name of its own.
    for (auto& [column, name] : names_) name = OneLine(name);
  }

  const std::map<uint32_t, std::string>& all() const { return names_; }

 private:
  std::string Join(uint32_t column) const {
    std::string name;
    std::string last;
    for (size_t i = header_.first; i <= header_.last; ++i) {
      std::string part = OneLine(Part(i, column));
      if (part.empty() || part == last) continue;
      name += (name.empty() ? "" : " / ") + part;
      last = std::move(part);
    }
    return name;
  }

  std::string_view Part(size_t row, uint32_t column) const {
    if (const Cell* const cell = rows_[row].At(column)) return rows_[row].TextOf(*cell);
    if (row == header_.last) return {};
    for (const Area& area : merged_) {
      if (!area.Holds(column, rows_[row].number) || area.first_row != rows_[row].number) continue;
      const Cell* const cell = rows_[row].At(area.first_column);
      return cell == nullptr ? std::string_view() : rows_[row].TextOf(*cell);
    }
    return IsMerged(row) ? std::string_view() : GroupToTheLeft(row, column);
  }

  // Where merged cells are known they say how far a group reaches.
  bool IsMerged(size_t row) const {
    return std::any_of(merged_.begin(), merged_.end(), [&](const Area& area) {
      return area.first_row <= rows_[row].number && area.last_row >= rows_[row].number &&
             area.last_column > area.first_column;
    });
  }

  // A cell over a name is a group's; one over none is a name itself.
  std::string_view GroupToTheLeft(size_t row, uint32_t column) const {
    const Cell* group = nullptr;
    for (const Cell& cell : rows_[row].cells) {
      if (cell.column < column) group = &cell;
    }
    if (group == nullptr || rows_[header_.last].At(group->column) == nullptr) return {};
    return rows_[row].TextOf(*group);
  }

  const std::vector<Row>& rows_;
  const HeaderRows header_;
  const std::vector<Area>& merged_;
  std::set<uint32_t> columns_;
  std::map<uint32_t, std::string> names_;
};

// Columns without a name count when records have values there; a lone remark beside a sparse row does not.
std::set<uint32_t> UsedColumns(const std::vector<Row>& rows, size_t first, size_t least) {
  std::set<uint32_t> used;
  for (size_t i = first; i < rows.size(); ++i) {
    if (rows[i].cells.size() < least) continue;
    for (const Cell& cell : rows[i].cells) used.insert(cell.column);
  }
  return used;
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string list;
  for (size_t i = 0; i < names.size() && i < 5; ++i) list += (i == 0 ? "" : ", ") + names[i];
  return names.size() > 5 ? list + " and " + std::to_string(names.size() - 5) + " more" : list;
}

void NameColumns(const std::map<uint32_t, std::string>& written, const std::set<uint32_t>& used,
                 bool has_header, TableShape& shape) {
  std::set<uint32_t> all = used;
  for (const auto& [column, name] : written) all.insert(column);
  std::set<std::string> taken;
  std::vector<std::string> nameless, twice;
  for (const uint32_t column : all) {
    const auto found = written.find(column);
    TableColumn one;
    one.column = column;
    if (found != written.end()) one.written = found->second;
    if (one.written.empty() && used.count(column) == 0) continue;
    one.name = one.written.empty() ? "column " + ColumnName(column) : one.written;
    if (one.written.empty() && has_header) nameless.push_back(ColumnName(column));
    const std::string plain = one.name;
    for (int number = 2; !taken.insert(one.name).second; ++number) {
      if (number == 2) twice.push_back("\"" + Short(plain) + "\"");
      one.name = plain + " (" + std::to_string(number) + ")";
    }
    shape.columns.push_back(std::move(one));
  }
  if (!nameless.empty())
    shape.notes.push_back("columns without a heading were named after their place: " + ListOf(nameless));
  if (!twice.empty()) shape.notes.push_back("headings that stand twice were numbered: " + ListOf(twice));
}

void NoteSkipped(const std::vector<Row>& rows, size_t count, bool has_header, TableShape& shape) {
  if (count == 0) return;
  const uint64_t first = rows[0].number, last = rows[count - 1].number;
  const std::string which =
      count == 1
          ? "row " + std::to_string(first) + " above the " + (has_header ? "header" : "first record") + " was"
          : "rows " + std::to_string(first) + " to " + std::to_string(last) + " above the " +
                (has_header ? "header" : "first record") + " were";
  const Row& row = rows[0];
  const std::string said = row.cells.empty() ? "" : ": \"" + Short(row.TextOf(row.cells[0])) + "\"";
  shape.notes.push_back(which + " skipped" + said);
}

Status PlaceHeader(const std::vector<Row>& rows, const Options& options, std::optional<HeaderRows>& header) {
  if (options.header == Options::Header::kAuto) header = FindHeader(rows, options);
  if (options.header != Options::Header::kRow) return Status::Ok();
  for (size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].number != options.header_row) continue;
    header = {i, std::min(rows.size(), i + std::max<size_t>(options.header_rows, 1)) - 1};
    return Status::Ok();
  }
  return Status::SourceUnreadable("the header should stand on row " + std::to_string(options.header_row) +
                                  ", as the feed says, but there is nothing on that row");
}

}  // namespace

Status FindShape(const std::vector<Row>& rows, const std::vector<Area>& merged, const Options& options,
                 TableShape& shape) {
  shape = {};
  std::optional<HeaderRows> header;
  if (Status status = PlaceHeader(rows, options, header); !status.ok()) return status;
  const size_t least = std::max<size_t>(1, UsualWidth(rows) / 2);
  size_t first = 0;
  if (header) {
    first = header->last + 1;
    shape.header_row = rows[header->last].number;
  } else if (options.header == Options::Header::kAuto) {
    while (first < rows.size() && rows[first].cells.size() < least) ++first;
  }
  const std::set<uint32_t> used = UsedColumns(rows, first, least);
  NoteSkipped(rows, header ? header->first : first, header.has_value(), shape);
  if (header && header->last > header->first) {
    shape.notes.push_back("the headings were put together from rows " +
                          std::to_string(rows[header->first].number) + " to " +
                          std::to_string(shape.header_row));
  }
  NameColumns(header ? Names(rows, *header, merged).all() : std::map<uint32_t, std::string>(), used,
              header.has_value(), shape);
  if (!header && options.header == Options::Header::kAuto && !rows.empty())
    shape.notes.push_back("no row looks like a header: the columns were named after their place");
  shape.first_row = first < rows.size() ? rows[first].number : 0;
  shape.records = rows.size() - first;
  return Status::Ok();
}

}  // namespace concordat::spreadsheet
