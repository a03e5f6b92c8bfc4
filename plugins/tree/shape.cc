#include "plugins/tree/shape.h"

namespace concordat::tree {
namespace {

constexpr size_t kFew = 8;  // children: below that looking at each is faster than a hash

}  // namespace

Place* Shape::Find(Place& parent, std::string_view name) {
  if (parent.next_ < parent.children.size() && parent.children[parent.next_]->name == name) {
    return parent.children[parent.next_++].get();
  }
  Place* found = nullptr;
  if (parent.children.size() <= kFew) {
    for (size_t i = 0; i < parent.children.size() && found == nullptr; ++i) {
      if (parent.children[i]->name != name) continue;
      found = parent.children[i].get();
      parent.next_ = i + 1;
    }
    return found;
  }
  const auto at = parent.by_name_.find(name);
  if (at == parent.by_name_.end()) return nullptr;
  found = at->second;
  parent.next_ = found->index_ + 1;
  return found;
}

Place* Shape::Child(Place& parent, std::string_view name) {
  if (Place* const known = Find(parent, name)) return known;
  if (full()) return nullptr;
  ++count_;
  auto made = std::make_unique<Place>();
  made->name = std::string(name);
  made->parent = &parent;
  made->index_ = parent.children.size();
  Place* const child = made.get();
  parent.children.push_back(std::move(made));
  parent.next_ = parent.children.size();
  if (parent.children.size() == kFew + 1) {
    for (const auto& each : parent.children) parent.by_name_.emplace(each->name, each.get());
  } else if (parent.children.size() > kFew) {
    parent.by_name_.emplace(child->name, child);
  }
  return child;
}

bool Shape::NameColumns(Place& top, std::vector<std::string>& names) {
  taken_.clear();
  for (const std::string& name : names) ++taken_[name];
  return NameBelow(top, "", names);
}

bool Shape::NameBelow(Place& place, const std::string& prefix, std::vector<std::string>& names) {
  for (const auto& child : place.children) {
    const std::string path = child->bare ? prefix : prefix.empty() ? child->name : prefix + "." + child->name;
    if (child->has_value || (child->was_empty && child->children.empty() && !child->bare)) {
      if (names.size() >= kMostColumns) return false;
      child->column = static_cast<int>(names.size());
      AddName(path, taken_, names);
    }
    if (!NameBelow(*child, path, names)) return false;
  }
  return true;
}

std::string Shape::PathOf(const Place& place, const Place& top) {
  if (&place == &top || place.parent == nullptr) return "";
  const std::string above = PathOf(*place.parent, top);
  if (place.bare) return above;
  return above.empty() ? place.name : above + "." + place.name;
}

void AddName(const std::string& name, std::unordered_map<std::string, size_t>& taken,
             std::vector<std::string>& names) {
  std::string unique = name;
  for (size_t again = 2; !taken.try_emplace(unique, 1).second; ++again)
    unique = name + " (" + std::to_string(again) + ")";
  names.push_back(unique);
}

}  // namespace concordat::tree
