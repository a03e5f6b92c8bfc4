// A page of headings, paragraphs and lists, printed as Markdown, as plain text or as self-contained HTML.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace concordat::flows {

class Page {
 public:
  explicit Page(std::string title) : title_(std::move(title)) {}
  void Heading(std::string_view text);
  void Paragraph(std::string_view text);
  void Bullet(std::string_view text);

  std::string Markdown() const;
  /// For a terminal.
  std::string Text() const;
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
