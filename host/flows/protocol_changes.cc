#include "host/flows/protocol_changes.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <string_view>

#include "fmt/format.h"

namespace concordat::flows {
namespace {

constexpr size_t kLongestValue = 120;

std::string KeyOf(const json::Object::value_type& member) {
  return std::string(member.key().data(), member.key().size());
}

std::string Shown(const json::Value& value) {
  if (value.is_string()) return std::string(value.get_string().data(), value.get_string().size());
  std::string text = json::Canonical(value);
  if (text.size() > kLongestValue) text = text.substr(0, kLongestValue - 3) + "...";
  return text;
}

// What tells the entries of a list apart: a share's id, a party's partner, a prohibition's action.
std::string IdentityOf(const json::Value& entry) {
  for (const std::string_view key : {"id", "partner", "action", "ref", "field"}) {
    const std::string text = json::TextOr(entry, key, "");
    if (!text.empty()) return text;
  }
  return Shown(entry);
}

std::string Under(const std::string& path, const std::string& key) {
  return path.empty() ? key : path + "." + key;
}

bool IsField(const std::string& path) { return path.find(".fields.") != std::string::npos; }

bool IsDateOrNumber(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':' || c == 'T' || c == 'Z' || c == 'P' ||
           c == 'D' || c == 'M' || c == 'Y' || c == 'H';
  });
}

class Comparison {
 public:
  std::vector<std::string> Take() { return std::move(words_); }

  void Compare(const std::string& path, const json::Value& before, const json::Value& after) {
    if (json::Canonical(before) == json::Canonical(after)) return;
    if (IsField(path))
      return Say("field {} leaves as {}, was {}", path, FormInWords(after), FormInWords(before));
    if (before.is_object() && after.is_object())
      return CompareMembers(path, MembersOf(before), MembersOf(after));
    if (before.is_array() && after.is_array())
      return CompareEntries(path, before.get_array(), after.get_array());
    const std::string was = Shown(before);
    const std::string is = Shown(after);
    if (IsDateOrNumber(was) && IsDateOrNumber(is)) return Say("{} moves from {} to {}", path, was, is);
    Say("{} changes from \"{}\" to \"{}\"", path, was, is);
  }

 private:
  using Members = std::map<std::string, const json::Value*>;

  static Members MembersOf(const json::Value& object) {
    Members members;
    for (const auto& member : object.get_object()) members[KeyOf(member)] = &member.value();
    return members;
  }

  template <typename... Words>
  void Say(fmt::format_string<Words...> format, Words&&... words) {
    words_.push_back(fmt::format(format, std::forward<Words>(words)...));
  }

  void SayOnly(std::string_view verb, const std::string& path, const json::Value& value) {
    if (IsField(path)) return Say("{} field {} ({})", verb, path, FormInWords(value));
    Say("{} {}: {}", verb, path, Shown(value));
  }

  void CompareMembers(const std::string& path, const Members& before, const Members& after) {
    for (const auto& [key, value] : before) {
      const auto now = after.find(key);
      if (now == after.end()) {
        SayOnly("removes", Under(path, key), *value);
      } else {
        Compare(Under(path, key), *value, *now->second);
      }
    }
    for (const auto& [key, value] : after) {
      if (!before.contains(key)) SayOnly("adds", Under(path, key), *value);
    }
  }

  void CompareEntries(const std::string& path, const json::Array& before, const json::Array& after) {
    const auto is_object = [](const json::Value& entry) { return entry.is_object(); };
    if (std::any_of(before.begin(), before.end(), is_object) ||
        std::any_of(after.begin(), after.end(), is_object)) {
      return CompareMembers(path, EntriesOf(before), EntriesOf(after));
    }
    std::set<std::string> was;
    std::set<std::string> is;
    for (const json::Value& entry : before) was.insert(Shown(entry));
    for (const json::Value& entry : after) is.insert(Shown(entry));
    for (const std::string& word : was) {
      if (!is.contains(word)) Say("removes \"{}\" from {}", word, path);
    }
    for (const std::string& word : is) {
      if (!was.contains(word)) Say("adds \"{}\" to {}", word, path);
    }
  }

  // Two entries of one identity both count.
  static Members EntriesOf(const json::Array& list) {
    Members entries;
    for (const json::Value& entry : list) {
      std::string identity = IdentityOf(entry);
      while (entries.contains(identity)) identity += "'";
      entries[identity] = &entry;
    }
    return entries;
  }

  std::vector<std::string> words_;
};

}  // namespace

std::string FormInWords(const json::Value& form) {
  if (!form.is_object() || form.get_object().empty()) return Shown(form);
  std::string words;
  for (const auto& member : form.get_object()) {
    words += (words.empty() ? "" : ", ") + KeyOf(member);
    if (!member.value().is_object()) {
      words += fmt::format(" ({})", Shown(member.value()));
      continue;
    }
    std::string settings;
    for (const auto& setting : member.value().get_object())
      settings +=
          fmt::format("{}{}: {}", settings.empty() ? "" : ", ", KeyOf(setting), Shown(setting.value()));
    if (!settings.empty()) words += fmt::format(" ({})", settings);
  }
  return words;
}

std::vector<std::string> ChangesInWords(const json::Value& before, const json::Value& after) {
  Comparison comparison;
  comparison.Compare("", before, after);
  return comparison.Take();
}

}  // namespace concordat::flows
