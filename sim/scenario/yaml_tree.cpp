#include "sim/scenario/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "sim/scenario/text_guard.h"
#include "sim/scenario/yaml_messages.h"

namespace seedbed {

namespace {

/// Ends the parse: nothing sensible can be read after it.
struct Fatal {
  Place place;
  std::string path;
  std::string message;
};

struct Size {
  std::size_t nodes = 0;
  std::size_t text = 0;
  std::size_t height = 0;
};

Size measure(const YamlNode& node) {
  Size size{1, node.text.size() + node.key.size(), 0};  // keys are text, not values
  for (const YamlNode& child : node.children) {
    const Size below = measure(child);
    size.nodes += below.nodes;
    size.text += below.text;
    size.height = std::max(size.height, below.height + 1);
  }
  return size;
}

/// Where the quoted text that starts at `at` ends, or npos where it is never closed.
std::size_t end_of_quote(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (std::size_t i = at + 1; i < text.size(); ++i) {
    if (quote == '"' && text[i] == '\\') {
      ++i;
    } else if (text[i] == quote) {
      if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return i;
      ++i;
    }
  }
  return text.npos;
}

/// Whether the '[' or '{' at `at` has its counterpart.
bool is_closed(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  char before = ' ';
  for (std::size_t i = at; i < text.size(); before = text[i], ++i) {
    const char c = text[i];
    const bool begins = before == ' ' || before == '\n' || before == ',' || before == ':' ||
                        before == '[' || before == '{';
    if ((c == '"' || c == '\'') && begins) {
      i = std::min(end_of_quote(text, i), text.size() - 1);
    } else if (c == '#' && (before == ' ' || before == '\n')) {
      i = std::min(text.find('\n', i), text.size() - 1);
    } else if (c == '[' || c == '{') {
      ++depth;
    } else if ((c == ']' || c == '}') && --depth == 0) {
      return true;
    }
  }
  return false;
}

/// yaml-cpp's events in, one tree out.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, int source, std::string path, Errors& errors)
      : text_(text), source_(source), base_(std::move(path)), errors_(errors) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] == '\n') lines_.push_back(i + 1);
    }
  }

  YamlNode take() { return std::move(root_); }
  Place place_of(const YAML::Mark& mark) const {
    return {std::max(mark.line, 0) + 1, std::max(mark.column, 0) + 1, source_};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      throw Fatal{place_of(mark), base_,
                  "a second document, or text outside of the first; a file holds one scenario"};
    }
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (wants_key()) throw Fatal{place_of(mark), path(), "a key is missing before the ':'"};
    grow({1, 0, 0}, mark);
    YamlNode node;
    node.place = place_of(mark);
    finish(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_quote(mark);
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.quoted = tag == "!";
    node.text = value;
    node.place = place_of(mark);
    refuse_tag(mark, tag);
    grow({wants_key() ? 0u : 1u, value.size(), 0}, mark);
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end()) {
      throw Fatal{place_of(mark), path(), "an alias inside of the value that it stands for"};
    }
    grow(known->second.second, mark);
    finish(known->second.first, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kSequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(YamlNode::Kind::kMap, mark, tag, anchor);
  }
  void OnMapEnd() override { close(); }

 private:
  struct Open {
    YamlNode node;
    YAML::anchor_t anchor = 0;
    std::optional<std::pair<std::string, Place>> key;  // read, and its value is not
    std::map<std::string, Place, std::less<>> seen;
  };

  bool wants_key() const {
    return !open_.empty() && open_.back().node.is_map() && !open_.back().key;
  }

  /// The path of what comes next.
  std::string path() const {
    std::string out = base_;
    for (const Open& o : open_) {
      if (o.node.is_list()) out = path_of_item(out, o.node.children.size());
      if (o.key) out = path_of_key(out, o.key->first);
    }
    return out;
  }

  /// Counts what is about to be added: the limits hold before memory is spent.
  void grow(Size more, const YAML::Mark& mark) {
    nodes_ += more.nodes;
    bytes_ += more.text;
    const auto fatal = [&](std::string message) {
      throw Fatal{place_of(mark), path(), std::move(message)};
    };
    if (nodes_ > kMostNodes) {
      fatal(fmt::format("more than {} values, aliases counted by what they stand for", kMostNodes));
    }
    if (bytes_ > kMostText) {
      fatal(fmt::format("more than {} bytes of text, aliases counted by what they stand for",
                        kMostText));
    }
    if (open_.size() + more.height > kMostDepth) {
      fatal(fmt::format("nested deeper than {} levels", kMostDepth));
    }
  }

  void refuse_tag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    errors_.add(place_of(mark), path(), "tags (!name) have no meaning here; write the value alone");
  }

  /// Where `mark` is in the text; its end where it is nowhere.
  std::size_t offset_of(const YAML::Mark& mark) const {
    const auto line = static_cast<std::size_t>(std::max(mark.line, 0));
    if (line >= lines_.size()) return text_.size();
    return lines_[line] + static_cast<std::size_t>(std::max(mark.column, 0));
  }

  /// yaml-cpp takes what is in brackets for a key, too, where the text ends within them.
  [[noreturn]] void refuse_key(YamlNode::Kind kind, const YAML::Mark& mark) {
    const bool map = kind == YamlNode::Kind::kMap;
    const std::size_t at = offset_of(mark);
    const bool open = at < text_.size() && text_[at] == (map ? '{' : '[') && !is_closed(text_, at);
    const std::string_view theirs =
        map ? "end of map flow not found" : "end of sequence flow not found";
    throw Fatal{place_of(mark), path(),
                open ? readable_yaml_message(theirs)
                     : fmt::format("a {} as a key; keys are plain words", map ? "map" : "list")};
  }

  /// yaml-cpp takes a quote that is still open at the end of the text for closed.
  void check_quote(const YAML::Mark& mark) {
    std::size_t at = offset_of(mark);
    while (at < text_.size() && (text_[at] == '&' || text_[at] == '!')) {
      at = text_.find_first_of(" \t\r\n", at);
      at = at == text_.npos ? at : text_.find_first_not_of(" \t\r\n", at);
    }
    if (at >= text_.size() || (text_[at] != '"' && text_[at] != '\'')) return;
    if (end_of_quote(text_, at) == text_.npos) {
      throw Fatal{place_of(mark), path(), readable_yaml_message("illegal EOF in scalar")};
    }
  }

  void open(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor) {
    if (wants_key()) refuse_key(kind, mark);
    grow({1, 0, 1}, mark);
    refuse_tag(mark, tag);
    Open o;
    o.node.kind = kind;
    o.node.place = place_of(mark);
    o.anchor = anchor;
    open_.push_back(std::move(o));
  }

  void close() {
    Open o = std::move(open_.back());
    open_.pop_back();
    finish(std::move(o.node), o.anchor);
  }

  /// The node is complete: names it where it has an anchor, and puts it where it belongs.
  void finish(YamlNode node, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = {node, measure(node)};
    if (wants_key()) {
      take_key(node);
    } else if (open_.empty()) {
      root_ = std::move(node);
    } else {
      Open& parent = open_.back();
      node.key.clear();
      if (parent.key) {
        std::tie(node.key, node.key_place) = *std::exchange(parent.key, std::nullopt);
        if (node.kind == YamlNode::Kind::kNull) node.place = node.key_place;
      }
      parent.node.children.push_back(std::move(node));
    }
  }

  void take_key(const YamlNode& node) {
    if (!node.is_scalar()) throw Fatal{node.place, path(), "a key that is no plain word"};
    Open& map = open_.back();
    map.key.emplace(node.text, node.place);
    if (node.text == "<<" && !node.quoted) {
      errors_.add(node.place, path(), "merge keys (<<) are not supported; write the keys out");
    }
    const auto [first, fresh] = map.seen.emplace(node.text, node.place);
    if (!fresh) {
      errors_.add(node.place, path(),
                  fmt::format("duplicate key; it stands in line {}, column {} already",
                              first->second.line, first->second.column));
    }
  }

  std::string_view text_;
  int source_;
  std::string base_;
  Errors& errors_;
  std::vector<std::size_t> lines_{0};  // where each begins
  std::map<YAML::anchor_t, std::pair<YamlNode, Size>> anchors_;
  std::vector<Open> open_;
  YamlNode root_;
  std::size_t nodes_ = 0;
  std::size_t bytes_ = 0;
  int documents_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view name) const {
  if (kind != Kind::kMap) return nullptr;
  const auto it = std::find_if(children.begin(), children.end(),
                               [&](const YamlNode& child) { return child.key == name; });
  return it == children.end() ? nullptr : &*it;
}

YamlNode* YamlNode::find(std::string_view name) {
  return const_cast<YamlNode*>(std::as_const(*this).find(name));
}

std::optional<YamlNode> parse_yaml(std::string_view text, int source, const std::string& path,
                                   Errors& errors) {
  if (!guard_text(text, source, path, errors)) return std::nullopt;
  text = without_mark(text);
  TreeBuilder builder(text, source, path, errors);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    if (parser.HandleNextDocument(builder)) {
      parser.HandleNextDocument(builder);  // throws where there is a second one
      return builder.take();
    }
    errors.add({1, 1, source}, path, "empty: there is nothing to read");
  } catch (const Fatal& fatal) {
    errors.add(fatal.place, fatal.path, fatal.message);
  } catch (const YAML::Exception& e) {
    errors.add(builder.place_of(e.mark), path, readable_yaml_message(e.msg));
  }
  return std::nullopt;
}

std::string path_of_key(const std::string& parent, std::string_view key) {
  return parent.empty() ? printable(key) : parent + "." + printable(key);
}
std::string path_of_item(const std::string& parent, std::size_t index) {
  return fmt::format("{}[{}]", parent, index);
}

}  // namespace seedbed
