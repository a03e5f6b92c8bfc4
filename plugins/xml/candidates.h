// Which element of a document is the record, when the feed does not say.
#pragma once

#include <string>
#include <vector>

#include "plugins/tree/shape.h"

namespace concordat::xml {

/// From the outermost element down to the place: "Root/List/Item".
std::string PathText(const tree::Place& place);

/// `document` is the place of the outermost element. Elements that repeat within their parent and stand in no
/// other such, the most frequent first; those with a structure of their own before plain texts.
std::vector<const tree::Place*> Repeating(const tree::Place& document);

/// Elements with several children: what could be meant when none repeats. At most `most`, outermost first.
std::vector<const tree::Place*> Structured(const tree::Place& document, size_t most);

}  // namespace concordat::xml
