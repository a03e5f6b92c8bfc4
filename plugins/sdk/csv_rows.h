// A partner's own CSV (RFC 4180) row by row, for adapters that know its layout. For a file of any layout
// there is the adapter "delimited", which is quicker and guesses more.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/sdk/host.h"
#include "plugins/sdk/line_reader.h"
#include "plugins/sdk/status.h"

namespace concordat::sdk {

/// True when the bytes are well-formed UTF-8 (RFC 3629).
inline bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    if (lead < 0x80) {
      ++i;
      continue;
    }
    const size_t more = lead >= 0xC2 && lead <= 0xDF   ? 1
                        : (lead & 0xF0) == 0xE0        ? 2
                        : lead >= 0xF0 && lead <= 0xF4 ? 3
                                                       : 0;
    if (more == 0 || i + more >= text.size()) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
        (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F))
      return false;
    for (size_t k = 1; k <= more; ++k) {
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    }
    i += more + 1;
  }
  return true;
}

/// Windows-1252 (WHATWG Encoding), in which spreadsheets save "CSV", as UTF-8.
inline std::string FromWindows1252(std::string_view bytes) {
  constexpr uint16_t kHigh[32] = {0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D,   0x017D, 0x8F,
                                  0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,   0x017E, 0x0178};
  std::string text;
  for (const char c : bytes) {
    uint32_t point = static_cast<unsigned char>(c);
    if (point >= 0x80 && point < 0xA0) point = kHigh[point - 0x80];
    if (point < 0x80) {
      text += static_cast<char>(point);
    } else if (point < 0x800) {
      text += static_cast<char>(0xC0 | point >> 6);
      text += static_cast<char>(0x80 | (point & 0x3F));
    } else {
      text += static_cast<char>(0xE0 | point >> 12);
      text += static_cast<char>(0x80 | (point >> 6 & 0x3F));
      text += static_cast<char>(0x80 | (point & 0x3F));
    }
  }
  return text;
}

/// One row of the file. Its texts are valid until the next.
struct CsvRow {
  std::vector<std::string> cells;
  uint64_t line = 0;    // the physical line on which it starts
  std::string raw;      // as it stands in the file, in UTF-8
  std::string problem;  // not empty: it cannot be cut into cells

  /// Whether no cell has a value.
  bool blank() const {
    for (const std::string& cell : cells) {
      if (cell.find_first_not_of(" \t") != std::string::npos) return false;
    }
    return problem.empty();
  }
};

/// Cells with commas between, quoted where they must be; a quoted cell may run over lines. What is no UTF-8
/// is taken for Windows-1252. One thread at a time.
class CsvRows {
 public:
  explicit CsvRows(const Host& host) : lines_(host) {}

  Status Next(CsvRow& row, bool& more) {
    std::string_view line;
    if (Status status = lines_.Next(line, more); !status.ok() || !more) return status;
    row.line = lines_.line_number();
    row.raw.assign(line);
    row.problem.clear();
    // A cell that is still open at the line's end goes on on the next.
    for (size_t taken = 1; IsOpen(row.raw) && taken < kMostLines; ++taken) {
      bool another = false;
      if (Status status = lines_.Next(line, another); !status.ok()) return status;
      if (!another) break;
      row.raw.append("\n").append(line);
    }
    if (!IsUtf8(row.raw)) {
      row.raw = FromWindows1252(row.raw);
      converted_ = true;
    }
    Cut(row);
    return Status::Ok();
  }

  /// "utf-8" or "windows-1252", of what was read so far.
  std::string_view encoding() const { return converted_ ? "windows-1252" : "utf-8"; }

 private:
  static constexpr size_t kMostLines = 200;  // of one row: more is a quote left open

  // Whether the last cell is quoted and not closed. A quote inside a plain cell is a letter like others.
  static bool IsOpen(std::string_view text) {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (i < text.size() && text[i] == '"') {
        for (++i; i < text.size(); ++i) {
          if (text[i] != '"') continue;
          if (i + 1 >= text.size() || text[i + 1] != '"') break;
          ++i;
        }
        if (i >= text.size()) return true;
      }
      while (i < text.size() && text[i] != ',') ++i;
    }
    return false;
  }

  static void Cut(CsvRow& row) {
    row.cells.clear();
    const std::string& text = row.raw;
    std::string cell;
    bool starts = true;  // a cell
    for (size_t i = 0;; ++i) {
      if (i < text.size() && text[i] == '"' && starts) {
        for (++i; i < text.size(); ++i) {
          if (text[i] == '"' && (i + 1 >= text.size() || text[i + 1] != '"')) break;
          if (text[i] == '"') ++i;
          cell += text[i];
        }
        if (i >= text.size()) {
          row.problem = "a quote is opened and not closed";
          return;
        }
        if (++i < text.size() && text[i] != ',') {
          row.problem = "text stands behind a closing quote";
          return;
        }
      }
      if (i >= text.size() || text[i] == ',') {
        row.cells.push_back(std::move(cell));
        cell.clear();
        if (i >= text.size()) return;
        starts = true;
        continue;
      }
      starts = false;
      cell += text[i];
    }
  }

  LineReader lines_;
  bool converted_ = false;
};

}  // namespace concordat::sdk
