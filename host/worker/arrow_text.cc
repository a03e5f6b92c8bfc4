#include "host/worker/arrow_text.h"

#include <charconv>
#include <limits>
#include <string>

#include "fmt/format.h"
#include "host/data/parse.h"

namespace concordat::worker {
namespace {

using data::TextColumn;
using data::TextView;

absl::Status Wrong(const ArrowColumn& column, std::string_view what) {
  return absl::AbortedError(fmt::format("column \"{}\": {}", column.name, what));
}

absl::Status CheckShape(const ArrowColumn& column, const ArrowArray& array, size_t first, size_t rows,
                        int64_t buffers) {
  if (array.offset < 0 || array.length < 0 || static_cast<uint64_t>(array.length) < first + rows) {
    return Wrong(column, fmt::format("{} rows where {} are needed", array.length, first + rows));
  }
  if (array.n_buffers != buffers || array.buffers == nullptr) {
    return Wrong(column, fmt::format("{} buffers where {} are needed", array.n_buffers, buffers));
  }
  if (array.buffers[1] == nullptr && rows > 0) return Wrong(column, "its buffer is null");
  return absl::OkStatus();
}

template <typename Offset>
absl::Status CheckOffsets(const ArrowColumn& column, const Offset* offsets, size_t rows) {
  // Branch-free, so that it vectorises.
  uint32_t wrong = offsets[0] < 0;
  for (size_t row = 0; row < rows; ++row) wrong |= offsets[row] > offsets[row + 1];
  if (wrong != 0) return Wrong(column, "its offsets are not ascending");
  if (offsets[rows] - offsets[0] > std::numeric_limits<int32_t>::max()) {
    return Wrong(column, "its cells take more than 2 GiB in one batch");
  }
  return absl::OkStatus();
}

// Arrow lets a null row have any length; usually it has none.
bool NullsAreEmpty(const ArrowArray& array, const int32_t* offsets, size_t first, size_t rows) {
  if (array.null_count == 0 || array.buffers[0] == nullptr) return true;
  for (size_t row = 0; row < rows; ++row) {
    if (offsets[row] != offsets[row + 1] && !IsValid(array, first + row)) return false;
  }
  return true;
}

template <typename Offset>
Cells CopyText(const ArrowArray& array, const Offset* offsets, size_t first, size_t rows) {
  const auto* bytes = static_cast<const char*>(array.buffers[2]);
  TextColumn out;
  for (size_t row = 0; row < rows; ++row) {
    const bool valid = IsValid(array, first + row);
    out.Append(
        valid ? std::string_view(bytes + offsets[row], static_cast<size_t>(offsets[row + 1] - offsets[row]))
              : std::string_view());
  }
  return Cells::Own(std::move(out));
}

template <typename Offset>
absl::StatusOr<Cells> ReadText(const ArrowColumn& column, const ArrowArray& array, size_t first,
                               size_t rows) {
  RETURN_IF_ERROR(CheckShape(column, array, first, rows, 3));
  static constexpr Offset kNone[1] = {0};
  const auto* offsets =
      rows == 0 ? kNone : static_cast<const Offset*>(array.buffers[1]) + array.offset + first;
  RETURN_IF_ERROR(CheckOffsets(column, offsets, rows));
  if (array.buffers[2] == nullptr && offsets[rows] > 0) return Wrong(column, "its text is null");
  if constexpr (sizeof(Offset) == sizeof(uint32_t)) {
    if (NullsAreEmpty(array, offsets, first, rows)) {
      return Cells{{reinterpret_cast<const uint32_t*>(offsets), static_cast<const char*>(array.buffers[2])},
                   nullptr};
    }
  }
  return CopyText(array, offsets, first, rows);
}

std::string FloatText(float number) {
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
  return {buffer, end};
}

template <typename T, typename Print>
absl::StatusOr<Cells> ReadNumbers(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                  size_t rows, const Print& print) {
  RETURN_IF_ERROR(CheckShape(column, array, first, rows, 2));
  const T* numbers = rows == 0 ? nullptr : static_cast<const T*>(array.buffers[1]) + array.offset + first;
  TextColumn out;
  for (size_t row = 0; row < rows; ++row) {
    if (IsValid(array, first + row)) {
      print(numbers[row], out);
    } else {
      out.Append({});
    }
  }
  return Cells::Own(std::move(out));
}

template <typename T>
absl::StatusOr<Cells> ReadIntegers(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                   size_t rows) {
  return ReadNumbers<T>(column, array, first, rows, [](T number, TextColumn& out) {
    char buffer[24];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, number).ptr;
    out.Append({buffer, static_cast<size_t>(end - buffer)});
  });
}

absl::StatusOr<Cells> ReadBools(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                size_t rows) {
  RETURN_IF_ERROR(CheckShape(column, array, first, rows, 2));
  const auto* bits = static_cast<const uint8_t*>(array.buffers[1]);
  TextColumn out;
  for (size_t row = 0; row < rows; ++row) {
    const size_t at = first + row + static_cast<size_t>(array.offset);
    out.Append(!IsValid(array, first + row) ? "" : (bits[at / 8] >> at % 8 & 1) != 0 ? "true" : "false");
  }
  return Cells::Own(std::move(out));
}

absl::StatusOr<Cells> ReadTimestamps(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                     size_t rows) {
  constexpr int64_t kMicros = 1'000'000;
  const int64_t up = column.units_per_second < kMicros ? kMicros / column.units_per_second : 1;
  const int64_t down = column.units_per_second > kMicros ? column.units_per_second / kMicros : 1;
  absl::Status overflow;
  ASSIGN_OR_RETURN(Cells cells,
                   ReadNumbers<int64_t>(column, array, first, rows, [&](int64_t instant, TextColumn& out) {
                     int64_t micros = 0;
                     if (__builtin_mul_overflow(instant, up, &micros))
                       overflow = Wrong(column, "a timestamp is out of range");
                     out.Append(overflow.ok() ? data::TimestampText(micros / down) : std::string());
                   }));
  RETURN_IF_ERROR(overflow);
  return cells;
}

absl::StatusOr<Cells> ReadPlain(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                size_t rows) {
  switch (column.type) {
    case ArrowType::kUtf8:
      return ReadText<int32_t>(column, array, first, rows);
    case ArrowType::kLargeUtf8:
      return ReadText<int64_t>(column, array, first, rows);
    case ArrowType::kBool:
      return ReadBools(column, array, first, rows);
    case ArrowType::kInt8:
      return ReadIntegers<int8_t>(column, array, first, rows);
    case ArrowType::kInt16:
      return ReadIntegers<int16_t>(column, array, first, rows);
    case ArrowType::kInt32:
      return ReadIntegers<int32_t>(column, array, first, rows);
    case ArrowType::kInt64:
      return ReadIntegers<int64_t>(column, array, first, rows);
    case ArrowType::kUint8:
      return ReadIntegers<uint8_t>(column, array, first, rows);
    case ArrowType::kUint16:
      return ReadIntegers<uint16_t>(column, array, first, rows);
    case ArrowType::kUint32:
      return ReadIntegers<uint32_t>(column, array, first, rows);
    case ArrowType::kUint64:
      return ReadIntegers<uint64_t>(column, array, first, rows);
    case ArrowType::kFloat32:
      return ReadNumbers<float>(column, array, first, rows,
                                [](float number, TextColumn& out) { out.Append(FloatText(number)); });
    case ArrowType::kFloat64:
      return ReadNumbers<double>(column, array, first, rows, [](double number, TextColumn& out) {
        out.Append(data::NumberText(number));
      });
    case ArrowType::kDate32:
      return ReadNumbers<int32_t>(column, array, first, rows,
                                  [](int32_t days, TextColumn& out) { out.Append(data::DateText(days)); });
    case ArrowType::kTimestamp:
      return ReadTimestamps(column, array, first, rows);
  }
  return Wrong(column, "its type is not supported");
}

// The index is read as text and back: dictionaries are rare, and one reader of integers is enough.
absl::StatusOr<Cells> ReadDictionary(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                     size_t rows) {
  if (array.dictionary == nullptr) return Wrong(column, "its dictionary is missing");
  const auto entries = static_cast<size_t>(std::max<int64_t>(array.dictionary->length, 0));
  ArrowColumn words = column;
  words.type = ArrowType::kUtf8;
  ASSIGN_OR_RETURN(const Cells dictionary, ReadText<int32_t>(words, *array.dictionary, 0, entries));
  ASSIGN_OR_RETURN(const Cells index, ReadPlain(column, array, first, rows));
  TextColumn out;
  for (size_t row = 0; row < rows; ++row) {
    const std::string_view text = index.view.at(row);
    uint64_t entry = 0;
    const bool number = std::from_chars(text.data(), text.data() + text.size(), entry).ec == std::errc();
    if (!text.empty() && (!number || entry >= entries))
      return Wrong(column, "an index lies outside its dictionary");
    out.Append(text.empty() ? std::string_view() : dictionary.view.at(entry));
  }
  return Cells::Own(std::move(out));
}

}  // namespace

Cells Cells::Own(TextColumn column) {
  auto owned = std::make_shared<const TextColumn>(std::move(column));
  return {{owned->offsets.data(), owned->bytes.data()}, owned};
}

absl::StatusOr<Cells> ReadCells(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                size_t rows) {
  return column.dictionary ? ReadDictionary(column, array, first, rows)
                           : ReadPlain(column, array, first, rows);
}

absl::StatusOr<const uint64_t*> ReadUint64(const ArrowColumn& column, const ArrowArray& array, size_t first,
                                           size_t rows) {
  RETURN_IF_ERROR(CheckShape(column, array, first, rows, 2));
  if (array.null_count > 0) return Wrong(column, "it must not have nulls");
  return static_cast<const uint64_t*>(array.buffers[1]) + array.offset + first;
}

}  // namespace concordat::worker
