#include "host/policy/odcs_formats.h"

#include <algorithm>
#include <optional>

namespace concordat::policy {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }
bool IsOneOf(char c, std::string_view set) { return set.find(c) != std::string_view::npos; }

template <typename Predicate>
bool AllAre(std::string_view text, Predicate predicate) {
  return std::all_of(text.begin(), text.end(), predicate);
}

bool IsName(std::string_view text) {
  return !text.empty() && (IsLetter(text[0]) || text[0] == '_') &&
         AllAre(text, [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}

// Text before the first separator; `text` keeps what follows it. Nothing when there is no separator.
std::optional<std::string_view> CutAt(std::string_view& text, char separator) {
  const size_t at = text.find(separator);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view before = text.substr(0, at);
  text.remove_prefix(at + 1);
  return before;
}

// "file.yaml", "../folder/file.yaml", "https://host/file.yaml"
bool IsContractFile(std::string_view file) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (file.starts_with(scheme)) {
      file.remove_prefix(scheme.size());
      break;
    }
  }
  constexpr std::string_view kEnding = ".yaml";
  return file.size() > kEnding.size() && file.ends_with(kEnding) &&
         AllAre(file, [](char c) { return IsLetter(c) || IsDigit(c) || IsOneOf(c, "._-/"); });
}

// section/id, section/id/section/id ...
bool IsPathOfIds(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const std::optional<std::string_view> section = CutAt(path, '/');
    if (!section || !IsName(*section)) return false;
    const std::optional<std::string_view> id = CutAt(path, '/');
    if (!id) return IsStableId(path);
    if (!IsStableId(*id)) return false;
  }
}

// The number that the digits of `text` at `at` make, or -1.
int Digits(std::string_view text, size_t at, size_t count) {
  if (text.size() < at + count || !AllAre(text.substr(at, count), IsDigit)) return -1;
  int number = 0;
  for (size_t i = 0; i < count; ++i) number = number * 10 + (text[at + i] - '0');
  return number;
}

// Minutes east of UTC of "Z", "+01", "+0100", "+01:00".
std::optional<int> OffsetMinutes(std::string_view zone) {
  if (zone == "z" || zone == "Z") return 0;
  if (zone.empty() || !IsOneOf(zone[0], "+-")) return std::nullopt;
  const int sign = zone[0] == '-' ? -1 : 1;
  const int hours = Digits(zone, 1, 2);
  if (hours < 0 || hours > 23) return std::nullopt;
  std::string_view rest = zone.substr(3);
  if (rest.empty()) return sign * hours * 60;
  if (rest[0] == ':') rest.remove_prefix(1);
  const int minutes = rest.size() == 2 ? Digits(rest, 0, 2) : -1;
  if (minutes < 0 || minutes > 59) return std::nullopt;
  return sign * (hours * 60 + minutes);
}

// hh:mm:ss with fractions and an offset.
bool IsTimeWithOffset(std::string_view text) {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return false;
  const int hour = Digits(text, 0, 2);
  const int minute = Digits(text, 3, 2);
  const int second = Digits(text, 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false;
  size_t end = 8;
  if (text[end] == '.') {
    const size_t start = ++end;
    while (end < text.size() && IsDigit(text[end])) ++end;
    if (end == start) return false;
  }
  const std::optional<int> offset = OffsetMinutes(text.substr(end));
  if (!offset) return false;
  constexpr int kDay = 24 * 60;
  const bool last_minute_of_utc_day = (hour * 60 + minute - *offset + kDay) % kDay == kDay - 1;
  return second < 60 || last_minute_of_utc_day;
}

// What may stand between the day and the time: T, t, or one blank of any kind.
constexpr std::string_view kDayEnds[] = {"T",      "t",      " ",      "\t",     "\n",     "\v",     "\f",
                                         "\r",     "\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003",
                                         "\u2004", "\u2005", "\u2006", "\u2007", "\u2008", "\u2009", "\u200a",
                                         "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"};

constexpr std::string_view kUnreserved = "-._~";
constexpr std::string_view kSubDelimiters = "!$&'()*+,;=";

// Letters, digits, unreserved marks, sub-delimiters, percent escapes and `more`.
bool IsUriText(std::string_view text, std::string_view more) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size() || !IsHex(text[i + 1]) || !IsHex(text[i + 2])) return false;
      i += 2;
    } else if (!IsLetter(c) && !IsDigit(c) && !IsOneOf(c, kUnreserved) && !IsOneOf(c, kSubDelimiters) &&
               !IsOneOf(c, more)) {
      return false;
    }
  }
  return true;
}

bool IsIpV4(std::string_view text) {
  for (int part = 1; part <= 4; ++part) {
    const std::string_view number = part < 4 ? CutAt(text, '.').value_or("") : text;
    if (number.empty() || number.size() > 3 || Digits(number, 0, number.size()) < 0) return false;
    if (Digits(number, 0, number.size()) > 255) return false;
  }
  return true;
}

// Groups of 16 bits in "a:b:c" or "a:b:1.2.3.4"; -1 when malformed, 0 for nothing.
int IpV6Groups(std::string_view text, bool may_end_in_v4) {
  if (text.empty()) return 0;
  for (int groups = 1;; ++groups) {
    const std::optional<std::string_view> group = CutAt(text, ':');
    const std::string_view last = group.value_or(text);
    if (!group && may_end_in_v4 && IsIpV4(last)) return groups + 1;
    if (last.empty() || last.size() > 4 || !AllAre(last, IsHex)) return -1;
    if (!group) return groups;
  }
}

bool IsIpV6(std::string_view text) {
  const size_t gap = text.find("::");
  if (gap == std::string_view::npos) return IpV6Groups(text, true) == 8;
  const int left = IpV6Groups(text.substr(0, gap), false);
  const int right = IpV6Groups(text.substr(gap + 2), true);
  return left >= 0 && right >= 0 && left + right <= 7;
}

// "v1.anything", the form kept for later kinds of address.
bool IsIpFuture(std::string_view text) {
  if (text.empty() || !IsOneOf(text[0], "vV")) return false;
  text.remove_prefix(1);
  const std::optional<std::string_view> version = CutAt(text, '.');
  return version && !version->empty() && AllAre(*version, IsHex) && !text.empty() && !IsOneOf('%', text) &&
         IsUriText(text, ":");
}

// [user@]host[:port]
bool IsAuthority(std::string_view text) {
  if (const std::optional<std::string_view> user = CutAt(text, '@')) {
    if (!IsUriText(*user, ":")) return false;
  }
  std::string_view port;
  if (text.starts_with('[')) {
    text.remove_prefix(1);
    const std::optional<std::string_view> address = CutAt(text, ']');
    if (!address || (!IsIpV6(*address) && !IsIpFuture(*address))) return false;
    if (!text.empty() && text[0] != ':') return false;
    port = text.empty() ? text : text.substr(1);
  } else {
    const std::string_view all = text;
    const std::optional<std::string_view> host = CutAt(text, ':');
    if (!IsUriText(host.value_or(all), "")) return false;
    if (host) port = text;
  }
  return AllAre(port, IsDigit);
}

bool IsUriPath(std::string_view path) { return IsUriText(path, ":@/"); }

bool IsAuthorityAndPath(std::string_view text) {
  const size_t slash = std::min(text.find('/'), text.size());
  return IsAuthority(text.substr(0, slash)) && IsUriPath(text.substr(slash));
}

// What stands between the scheme and the query. The judges of the JSON Schema world take an authority after
// one slash too.
bool IsHierarchy(std::string_view text) {
  if (text.empty()) return false;
  if (text[0] != '/') return IsUriPath(text);
  if (IsAuthorityAndPath(text.substr(1))) return true;
  return text.starts_with("//") ? IsAuthorityAndPath(text.substr(2)) : IsUriPath(text);
}

}  // namespace

bool IsStableId(std::string_view text) {
  return !text.empty() && AllAre(text, [](char c) { return IsLetter(c) || IsDigit(c) || IsOneOf(c, "_-"); });
}

bool IsReference(std::string_view text) {
  std::string_view path = text;
  if (const std::optional<std::string_view> file = CutAt(path, '#'))
    return IsContractFile(*file) && IsPathOfIds(path);
  std::string_view property = text;
  const std::optional<std::string_view> object = CutAt(property, '.');
  return (object && IsName(*object) && IsName(property)) || IsPathOfIds(text);
}

bool IsDate(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const int year = Digits(text, 0, 4);
  const int month = Digits(text, 5, 2);
  const int day = Digits(text, 8, 2);
  if (year < 0 || month < 1 || month > 12 || day < 1) return false;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  return day <= (month == 2 && leap ? 29 : kDays[month - 1]);
}

bool IsDateTime(std::string_view text) {
  if (!IsDate(text.substr(0, 10))) return false;
  text.remove_prefix(10);
  for (const std::string_view end : kDayEnds) {
    if (text.starts_with(end)) return IsTimeWithOffset(text.substr(end.size()));
  }
  return false;
}

bool IsUri(std::string_view text) {
  const std::optional<std::string_view> scheme = CutAt(text, ':');
  if (!scheme || scheme->empty() || !IsLetter((*scheme)[0])) return false;
  if (!AllAre(*scheme, [](char c) { return IsLetter(c) || IsDigit(c) || IsOneOf(c, "+-."); })) return false;
  const std::optional<std::string_view> before_fragment = CutAt(text, '#');
  const std::string_view fragment = before_fragment ? text : "";
  std::string_view rest = before_fragment.value_or(text);
  const std::optional<std::string_view> before_query = CutAt(rest, '?');
  const std::string_view query = before_query ? rest : "";
  return IsHierarchy(before_query.value_or(rest)) && IsUriText(query, ":@/?") && IsUriText(fragment, ":@/?");
}

}  // namespace concordat::policy
