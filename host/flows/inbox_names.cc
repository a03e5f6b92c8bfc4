#include "host/flows/inbox_names.h"

#include <algorithm>

#include "host/base/utf8.h"
#include "host/base/windows1252.h"

namespace concordat::flows {
namespace {

constexpr std::string_view kBecause = "(because ";

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c | 0x20);
  }
  return lower;
}

// "x.report.html" and "x.report-12.html".
bool HasNumberedEnding(std::string_view name, std::string_view word, std::string_view extension) {
  if (!name.ends_with(extension)) return false;
  name.remove_suffix(extension.size());
  const size_t digits = name.find_last_not_of("0123456789");
  if (digits != std::string_view::npos && digits + 1 < name.size() && name[digits] == '-')
    name = name.substr(0, digits);
  return name.ends_with(word);
}

size_t ExtensionAt(std::string_view name) {
  const size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? name.size() : dot;
}

std::string FromUtf16Le(std::string_view bytes) {
  std::string text;
  for (size_t i = 0; i + 1 < bytes.size(); i += 2) {
    uint32_t unit = static_cast<uint8_t>(bytes[i]) | static_cast<uint32_t>(static_cast<uint8_t>(bytes[i + 1]))
                                                         << 8;
    if (unit >= 0xD800 && unit < 0xDC00 && i + 3 < bytes.size()) {
      const uint32_t low =
          static_cast<uint8_t>(bytes[i + 2]) | static_cast<uint32_t>(static_cast<uint8_t>(bytes[i + 3])) << 8;
      if (low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        i += 2;
      }
    }
    AppendUtf8(unit, text);
  }
  return text;
}

}  // namespace

bool IsSystemName(std::string_view name) {
  const std::string lower = Lower(name);
  return name.starts_with('.') || lower == "thumbs.db" || lower == "desktop.ini";
}

bool IsPartialName(std::string_view name) {
  const std::string lower = Lower(name);
  if (lower.starts_with("~$") || lower.ends_with("~")) return true;
  for (const std::string_view ending : {".part", ".filepart", ".tmp", ".temp", ".crdownload", ".partial",
                                        ".download", ".opdownload", ".upload", ".lock", ".swp"}) {
    if (lower.ends_with(ending)) return true;
  }
  return false;
}

bool IsResultName(std::string_view name) {
  return name == kInboxReadme || HasNumberedEnding(name, ".report", ".html") ||
         HasNumberedEnding(name, ".receipt", ".json");
}

bool IsReasonName(std::string_view name) {
  const std::string lower = Lower(name);
  return lower.ends_with(".reason.txt") || lower.ends_with(".reason.txt.txt") || lower.ends_with(".reason");
}

std::vector<std::string> ReasonNames(const std::string& name) {
  const std::string stem = name.substr(0, ExtensionAt(name));
  return {name + ".reason.txt", name + ".reason.txt.txt", name + ".reason", stem + ".reason.txt",
          stem + ".reason.txt.txt"};
}

std::vector<std::string> OfficeLocks(const std::string& name) {
  return {"~$" + name, "~$" + name.substr(std::min<size_t>(2, name.size())), ".~lock." + name + "#"};
}

std::string ReasonInName(std::string_view name) {
  const size_t at = Lower(name).find(kBecause);
  if (at == std::string::npos) return "";
  const size_t from = at + kBecause.size();
  const size_t end = name.find(')', from);
  return end == std::string_view::npos ? "" : std::string(name.substr(from, end - from));
}

std::string NameForPeriod(std::string_view name) {
  std::string stem(name.substr(0, ExtensionAt(name)));
  const size_t at = Lower(stem).find(kBecause);
  const size_t end = at == std::string::npos ? at : stem.find(')', at);
  return end == std::string::npos ? stem : stem.substr(0, at) + stem.substr(end + 1);
}

std::optional<std::string> FileMendedBy(std::string_view name) {
  const std::string lower = Lower(name);
  if (!lower.ends_with(".csv")) return std::nullopt;
  for (const std::string_view word : {".to-mend", ".mended"}) {
    const size_t at = lower.rfind(word);
    if (at == std::string::npos || at == 0) continue;
    const char next = lower[at + word.size()];
    if (next == '.' || next == '-' || next == ' ' || next == '(' || next == '_')
      return std::string(name.substr(0, at));
  }
  return std::nullopt;
}

std::string OneLine(std::string_view bytes) {
  std::string text;
  if (bytes.starts_with("\xFF\xFE")) {
    text = FromUtf16Le(bytes.substr(2));
  } else {
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    text = IsUtf8(bytes) ? std::string(bytes) : Windows1252ToUtf8(bytes);
  }
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

}  // namespace concordat::flows
