// Seeded random damage to JSON documents, for comparing two judges.
#pragma once

#include <functional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "host/base/json.h"

namespace concordat::policy {

/// Values of every type and form that a key may want or not want.
inline const std::vector<json::Value>& OddValues() {
  static const std::vector<json::Value> values = [] {
    std::vector<json::Value> parsed;
    for (const char* text : {"null",
                             "true",
                             "false",
                             "0",
                             "1",
                             "-1",
                             "1.5",
                             "1.0",
                             "1e3",
                             "-0.0",
                             "12345678901234567890",
                             "\"\"",
                             "\"a\"",
                             "\"1\"",
                             "\"a b\"",
                             "\"a-b_1\"",
                             "\"a.b\"",
                             "\"a.b.c\"",
                             "\"schema/a/properties/b\"",
                             "\"a/b/c\"",
                             "\"2024-02-29\"",
                             "\"2023-02-29\"",
                             "\"2024-02-29T23:59:60Z\"",
                             "\"https://example.org\"",
                             "\"sftp://h/x\"",
                             "[]",
                             "{}",
                             "[\"\"]",
                             "[1,1]",
                             "[1,1.0]",
                             "[1,2]",
                             "[1,2,3]",
                             "[2,\"1\"]",
                             "[\"a\",\"a\"]",
                             "[\"a\",\"b\"]",
                             "[\"a.b\"]",
                             "[\"a.b\",\"c.d\"]",
                             "[null]",
                             "{\"a\":1}",
                             "[{}]",
                             "\"é\"",
                             "\"yes\"",
                             "\"null\"",
                             "\"~\""}) {
      parsed.push_back(*json::Parse(text));
    }
    return parsed;
  }();
  return values;
}

/// Makes variants of documents: keys deleted, renamed, added, values of other types, swapped parts, odd
/// texts. The same seed gives the same variants.
class Mutator {
 public:
  /// `keys` and `words` are what renamed and added members and replaced values are often taken from.
  Mutator(uint64_t seed, std::vector<json::Value> documents, std::vector<std::string> keys,
          std::vector<std::string> words)
      : random_(seed), documents_(std::move(documents)), keys_(std::move(keys)), words_(std::move(words)) {}

  json::Value Next() {
    json::Value document = Pick(documents_);
    Thin(document);
    // Mostly one: a second mistake hides what the judges think of the first.
    for (size_t left = Below(4) == 0 ? 3 : 1; left > 0; --left) MutateOnce(document);
    return document;
  }

 private:
  // A value's place in its list or map.
  struct Slot {
    json::Value* parent;
    size_t index;

    json::Value& value() const {
      if (parent->is_array()) return parent->get_array()[index];
      return (parent->get_object().begin() + static_cast<std::ptrdiff_t>(index))->value();
    }
    std::string key() const {
      return std::string((parent->get_object().begin() + static_cast<std::ptrdiff_t>(index))->key());
    }
    bool in_map() const { return parent->is_object(); }
  };

  size_t Below(size_t limit) { return static_cast<size_t>(random_() % limit); }

  template <typename T>
  const T& Pick(const std::vector<T>& from) {
    return from[Below(from.size())];
  }

  static void Collect(json::Value& value, std::vector<Slot>& slots) {
    const size_t size = value.is_array()    ? value.get_array().size()
                        : value.is_object() ? value.get_object().size()
                                            : 0;
    for (size_t i = 0; i < size; ++i) {
      slots.push_back({&value, i});
      Collect(slots.back().value(), slots);
    }
  }

  // Long lists are cut to a few members, so that each mutation meets small documents of many kinds.
  void Thin(json::Value& value) {
    if (value.is_object()) {
      for (auto& member : value.get_object()) Thin(member.value());
    } else if (value.is_array()) {
      json::Array& list = value.get_array();
      while (list.size() > 4) list.erase(list.begin() + static_cast<std::ptrdiff_t>(Below(list.size())));
      for (json::Value& item : list) Thin(item);
    }
  }

  void MutateOnce(json::Value& document) {
    std::vector<Slot> slots;
    Collect(document, slots);
    if (slots.empty() || !document.is_object()) return;
    const Slot slot = Pick(slots);
    switch (Below(10)) {
      case 0:
        return Erase(slot);
      case 1:
        return slot.in_map() ? Rename(slot) : Erase(slot);
      case 2:
      case 3:
        slot.value() = SomeValue();
        return;
      case 4:
        return AddMember(document, slots);
      case 5:
        return Duplicate(slot);
      case 6:
        return Swap(slot, Pick(slots));
      case 7:
        return ChangeType(slot.value());
      case 8:
        return Damage(slot.value());
      default:
        return ChangeWord(slots);
    }
  }

  static void Erase(const Slot& slot) {
    if (slot.in_map()) {
      slot.parent->get_object().erase(slot.key());
    } else {
      slot.parent->get_array().erase(slot.parent->get_array().begin() +
                                     static_cast<std::ptrdiff_t>(slot.index));
    }
  }

  void Rename(const Slot& slot) {
    const std::string old = slot.key();
    json::Value value = slot.value();
    slot.parent->get_object().erase(old);
    slot.parent->get_object()[Below(2) == 0 ? Pick(keys_) : old + "s"] = std::move(value);
  }

  void AddMember(json::Value& document, const std::vector<Slot>& slots) {
    std::vector<json::Value*> maps = {&document};
    for (const Slot& slot : slots) {
      if (slot.value().is_object()) maps.push_back(&slot.value());
    }
    json::Value added = Below(2) == 0 ? SomeValue() : SomePart();
    json::Value* map = Pick(maps);
    map->get_object()[Pick(keys_)] = std::move(added);
  }

  // Any part of any document, often under a key that would suit it.
  json::Value SomePart() {
    json::Value other = Pick(documents_);
    Thin(other);
    std::vector<Slot> slots;
    Collect(other, slots);
    return slots.empty() ? json::Value() : Pick(slots).value();
  }

  static void Duplicate(const Slot& slot) {
    if (slot.in_map()) {
      slot.parent->get_object()[slot.key() + "2"] = json::Value(slot.value());
    } else {
      json::Value copy = slot.value();
      slot.parent->get_array().push_back(std::move(copy));
    }
  }

  // Exchanges neighbours, or puts a copy of some other part here.
  void Swap(const Slot& slot, const Slot& other) {
    const size_t size = slot.in_map() ? slot.parent->get_object().size() : slot.parent->get_array().size();
    const Slot neighbour{slot.parent, Below(size)};
    if (Below(2) == 0 && neighbour.index != slot.index) {
      slot.value().swap(neighbour.value());
    } else {
      json::Value copy = other.value();
      slot.value() = std::move(copy);
    }
  }

  void ChangeType(json::Value& value) {
    if (value.is_int64()) {
      value = Below(2) == 0 ? json::Value(std::to_string(value.get_int64()))
                            : json::Value(static_cast<double>(value.get_int64()) + 0.5);
    } else if (value.is_string() || value.is_bool()) {
      value = Below(2) == 0 ? json::Value(7) : json::Array{json::Value(value)};
    } else {
      value = nullptr;
    }
  }

  void Damage(json::Value& value) {
    if (!value.is_string()) {
      value = SomeValue();
      return;
    }
    std::string text(value.get_string());
    const std::string odd =
        Pick(std::vector<std::string>{"-", ".", "/", "#", " ", "é", "%", ":", "@", "[", "0", "x", "\n"});
    const size_t at = Below(text.size() + 1);
    if (Below(3) == 0 && at < text.size() && static_cast<unsigned char>(text[at]) < 0x80) {
      text.erase(at, 1);
    } else if (at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80) {
      text.insert(at, odd);
    }
    value = text;
  }

  // The words by which a map says what it is decide over its other keys.
  void ChangeWord(const std::vector<Slot>& slots) {
    std::vector<Slot> telling;
    for (const Slot& slot : slots) {
      if (!slot.in_map()) continue;
      const std::string key = slot.key();
      if (key == "type" || key == "logicalType" || key == "metric" || key == "kind") telling.push_back(slot);
    }
    if (!telling.empty()) Pick(telling).value() = Pick(words_);
  }

  json::Value SomeValue() {
    switch (Below(3)) {
      case 0:
        return json::Value(Pick(words_));
      case 1:
        return SomePart();
      default:
        return Pick(OddValues());
    }
  }

  std::mt19937_64 random_;
  std::vector<json::Value> documents_;
  std::vector<std::string> keys_;
  std::vector<std::string> words_;
};

}  // namespace concordat::policy
