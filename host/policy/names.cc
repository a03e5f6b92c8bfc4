#include "host/policy/names.h"

#include <algorithm>

#include "fmt/format.h"

namespace concordat::policy {
namespace {

constexpr size_t kLongestId = 64;

bool IsSmallLetter(char c) { return c >= 'a' && c <= 'z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

void ReadHeader(Fields& fields, std::string_view kind) {
  const std::string version = fields.Text("apiVersion");
  if (!version.empty() && version != kApiVersion) {
    fields.Error("apiVersion", "bad-api-version",
                 fmt::format("this host reads {}, not \"{}\"", kApiVersion, version),
                 fmt::format("write apiVersion: {}", kApiVersion));
  }
  const std::string written = fields.Text("kind");
  if (!written.empty() && written != kind) {
    fields.Error("kind", "wrong-kind", fmt::format("this must be a {}, not a \"{}\"", kind, written));
  }
}

bool IsId(std::string_view text) {
  if (text.empty() || text.size() > kLongestId || text.front() == '-' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return IsSmallLetter(c) || IsDigit(c) || c == '-'; });
}

std::string ReadId(Fields& fields, std::string_view key) {
  std::string id = fields.Text(key);
  if (id.empty() || IsId(id)) return id;
  fields.Error(key, "bad-id", fmt::format("\"{}\" cannot be an id", id),
               "small letters, digits and - between them, at most 64");
  return id;
}

bool IsPlausibleEmail(std::string_view text) {
  const size_t at = text.find('@');
  if (at == 0 || at == std::string_view::npos || text.find('@', at + 1) != std::string_view::npos)
    return false;
  if (text.find_first_of(" \t,;<>()\"\\") != std::string_view::npos) return false;
  const std::string_view domain = text.substr(at + 1);
  const size_t dot = domain.find('.');
  return dot != 0 && dot != std::string_view::npos && domain.back() != '.' &&
         domain.find("..") == std::string_view::npos;
}

bool IsTrustDomain(std::string_view text) {
  if (text.empty() || text.size() > 255) return false;
  return std::all_of(text.begin(), text.end(), [](char c) {
    return IsSmallLetter(c) || IsDigit(c) || c == '-' || c == '.' || c == '_';
  });
}

bool IsSemanticVersion(std::string_view text) {
  int parts = 1;
  bool digit = false;
  for (const char c : text) {
    if (c == '.' && digit) {
      ++parts;
      digit = false;
    } else if (IsDigit(c)) {
      digit = true;
    } else {
      return false;
    }
  }
  return parts == 3 && digit;
}

std::optional<Duration> ReadDuration(Fields& fields, std::string_view key) {
  if (!fields.Has(key)) {
    fields.Any(key);
    return std::nullopt;
  }
  const std::string text = fields.Text(key);
  if (text.empty()) return std::nullopt;
  auto duration = ParseDuration(text);
  if (duration.ok()) return *std::move(duration);
  fields.Error(key, "bad-duration", std::string(MessageOf(duration.status())));
  return std::nullopt;
}

std::optional<int64_t> ReadDate(Fields& fields, std::string_view key) {
  if (!fields.Has(key)) {
    fields.Any(key);
    return std::nullopt;
  }
  const std::string text = fields.Text(key);
  if (text.empty()) return std::nullopt;
  const auto day = ParseDay(text);
  if (!day) {
    fields.Error(key, "bad-date", fmt::format("\"{}\" is not a date", text), "write it as 2026-04-01");
  }
  return day;
}

std::vector<std::string> RequiredTexts(Fields& fields, std::string_view key) {
  std::vector<std::string> texts = fields.Texts(key);
  if (!fields.map().is_map() || !texts.empty()) return texts;
  if (!fields.Has(key)) {
    fields.Error("", "missing-key", fmt::format("the {} needs \"{}\"", fields.what(), key),
                 "a list, written [a, b]");
  } else if (fields.map()[key].is_sequence() && fields.map()[key].items().empty()) {
    fields.Error(key, "empty-value", fmt::format("\"{}\" of the {} is an empty list", key, fields.what()),
                 "it needs at least one entry");
  }
  return texts;
}

Node EntryOf(const Node& map, std::string_view key, size_t index) {
  const Node list = map[key];
  return index < list.items().size() ? list.items()[index] : list;
}

}  // namespace concordat::policy
