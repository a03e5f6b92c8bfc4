// The loop that all duties share: what is missing leaves empty, a marker leaves as itself, because it says
// why there is no value; only what holds a value is treated.
#pragma once

#include "fmt/format.h"
#include "host/sharing/duties/duty.h"

namespace concordat::sharing {

/// One cell that holds a value, parseable or not.
struct Cell {
  const data::Column& column;
  size_t row;
  std::string_view text() const { return column.text->at(row); }
  bool parses() const { return column.states[row] == data::CellState::kValue; }
};

/// `Treatment` has `void Treat(const Cell&, std::string& out) const`, which appends, and `const char*
/// Broken(const Cell&, std::string_view out) const`: null, or what the promise has come to instead.
template <typename Treatment>
class PerCell : public FieldTreatment {
 public:
  explicit PerCell(std::string field) : field_(std::move(field)) {}

  void Execute(const data::Column& column, const std::vector<uint32_t>& rows,
               data::TextColumn& out) const override {
    out.offsets.reserve(out.offsets.size() + rows.size());
    for (const uint32_t row : rows) {
      switch (column.states[row]) {
        case data::CellState::kMissing:
          break;
        case data::CellState::kMarker:
          out.bytes.append(column.text->at(row));
          break;
        default:
          static_cast<const Treatment*>(this)->Treat(Cell{column, row}, out.bytes);
      }
      out.offsets.push_back(static_cast<uint32_t>(out.bytes.size()));
    }
  }

  absl::Status Verify(const data::Column& column, const std::vector<uint32_t>& rows,
                      const data::TextColumn& out) const override {
    const size_t first = out.rows() - rows.size();
    for (size_t i = 0; i < rows.size(); ++i) {
      if (const char* broken = BrokenAt(column, rows[i], out.at(first + i)); broken != nullptr)
        return absl::InternalError(fmt::format("field {}: {}", field_, broken));
    }
    return absl::OkStatus();
  }

 private:
  const char* BrokenAt(const data::Column& column, uint32_t row, std::string_view out) const {
    switch (column.states[row]) {
      case data::CellState::kMissing:
        return out.empty() ? nullptr : "a missing value left as something";
      case data::CellState::kMarker:
        return out == column.text->at(row) ? nullptr : "a marker left changed";
      default:
        return static_cast<const Treatment*>(this)->Broken(Cell{column, row}, out);
    }
  }

  const std::string field_;
};

/// `misfit` of a duty that fits any field.
inline std::string FitsAll(const policy::DutyTerms&, const data::Field&) { return {}; }

}  // namespace concordat::sharing
