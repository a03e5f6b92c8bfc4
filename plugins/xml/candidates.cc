#include "plugins/xml/candidates.h"

#include <algorithm>

namespace concordat::xml {
namespace {

void Collect(const tree::Place& place, std::vector<const tree::Place*>& found) {
  for (const auto& child : place.children) {
    if (child->repeats) {
      found.push_back(child.get());
    } else {
      Collect(*child, found);
    }
  }
}

void CollectStructured(const tree::Place& place, std::vector<const tree::Place*>& found) {
  if (place.children.size() > 1) found.push_back(&place);
  for (const auto& child : place.children) CollectStructured(*child, found);
}

}  // namespace

std::string PathText(const tree::Place& place) {
  return place.parent == nullptr ? place.name : PathText(*place.parent) + "/" + place.name;
}

std::vector<const tree::Place*> Repeating(const tree::Place& document) {
  std::vector<const tree::Place*> found;
  Collect(document, found);
  std::stable_sort(found.begin(), found.end(), [](const tree::Place* a, const tree::Place* b) {
    if (a->children.empty() != b->children.empty()) return b->children.empty();
    return a->count > b->count;
  });
  return found;
}

std::vector<const tree::Place*> Structured(const tree::Place& document, size_t most) {
  std::vector<const tree::Place*> found;
  CollectStructured(document, found);
  if (found.size() > most) found.resize(most);
  return found;
}

}  // namespace concordat::xml
