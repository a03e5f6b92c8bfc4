// A page of headings, paragraphs and lists, printed as Markdown or as self-contained HTML.
#pragma once

#include <string>
#include <vector>

namespace concordat::flows {

class Page {
 public:
  explicit Page(std::string title) : title_(std::move(title)) {}
  void Heading(std::string text) { blocks_.push_back({Kind::kHeading, std::move(text)}); }
  void Paragraph(std::string text) { blocks_.push_back({Kind::kParagraph, std::move(text)}); }
  void Bullet(std::string text) { blocks_.push_back({Kind::kBullet, std::move(text)}); }

  std::string Markdown() const;
  /// No script, nothing loaded from elsewhere, everything escaped.
  std::string Html() const;

 private:
  enum class Kind { kHeading, kParagraph, kBullet };
  struct Block {
    Kind kind;
    std::string text;
  };
  std::string title_;
  std::vector<Block> blocks_;
};

}  // namespace concordat::flows
