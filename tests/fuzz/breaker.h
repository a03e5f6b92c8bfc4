// Texts that nobody meant, made from such as somebody did: cut, glued, repeated and nested at random, the
// same way in every run.
#pragma once

#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace concordat {

struct BreakerWords {
  std::vector<std::string> seeds;
  std::vector<std::string> tokens;
  std::string openers;       // of what may be nested
  size_t most_breaks = 8;    // of one text
  size_t longest = 1 << 14;  // bytes
};

class Breaker {
 public:
  Breaker(uint64_t seed, BreakerWords words) : random_(seed), words_(std::move(words)) {}

  std::string Next() {
    std::string text = words_.seeds[Pick(words_.seeds.size())];
    for (size_t i = 0, count = 1 + Pick(words_.most_breaks); i < count; ++i) Break(text);
    return text.substr(0, words_.longest);
  }

  /// Below `below`.
  size_t Pick(size_t below) { return static_cast<size_t>(random_() % below); }

 private:
  void Break(std::string& text) {
    const size_t at = Pick(text.size() + 1);
    const size_t length = Pick(text.size() - at + 1);
    switch (Pick(7)) {
      case 0:
        text.erase(at, length);
        break;
      case 1:
        text.replace(at, 0, words_.tokens[Pick(words_.tokens.size())]);
        break;
      case 2:
        text += text.substr(at, length);
        break;
      case 3: {
        std::string repeated;
        const std::string token = words_.tokens[Pick(words_.tokens.size())];
        for (size_t i = 0, count = Pick(2000); i < count; ++i) repeated += token;
        text.replace(at, 0, repeated);
        break;
      }
      case 4:
        text.replace(at, 0, words_.seeds[Pick(words_.seeds.size())]);
        break;
      case 5:
        if (at < text.size()) text[at] = static_cast<char>(Pick(256));
        break;
      default: {
        const size_t depth = Pick(3000);
        text.replace(0, 0, std::string(depth, words_.openers[Pick(words_.openers.size())]));
        break;
      }
    }
  }

  std::mt19937_64 random_;
  const BreakerWords words_;
};

/// A hundred times `usual` when there is time (CONCORDAT_LONG=1).
inline size_t Rounds(size_t usual) {
  const char* const is_long = std::getenv("CONCORDAT_LONG");
  return is_long != nullptr && std::string_view(is_long) == "1" ? usual * 100 : usual;
}

}  // namespace concordat
