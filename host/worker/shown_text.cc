#include "host/worker/shown_text.h"

#include "host/base/utf8.h"

namespace concordat::worker {

std::string ShownText(std::string_view text, size_t limit) {
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0) == 0x80) --limit;
    text = text.substr(0, limit);
  }
  std::string shown;
  while (true) {
    const size_t valid = Utf8ValidPrefix(text);
    shown += text.substr(0, valid);
    if (valid == text.size()) return shown;
    AppendUtf8(0xFFFD, shown);
    text.remove_prefix(valid + 1);
  }
}

}  // namespace concordat::worker
