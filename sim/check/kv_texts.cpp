#include "sim/check/kv_texts.h"

#include <algorithm>
#include <map>
#include <set>

namespace seedbed {

namespace {

/// Texts as nodes of a tree: one that was put, or the first one, and what was appended to it.
class TextTree {
 public:
  struct Edge {
    std::uint32_t from = 0;
    std::uint32_t to = 0;
  };

  TextTree(const TextCell& model, const std::vector<Act>& acts) : acts_(acts), texts_(model.texts) {
    root_of(model.initial);
    for (std::uint32_t i = 0; i < acts.size(); ++i) {
      if (acts[i].code == TextCell::kPut) root_of(texts_[acts[i].x]);
      if (acts[i].code != TextCell::kAppend) continue;
      const std::string_view text = texts_[acts[i].x];
      unique_ &= !text.empty() && appends_.emplace(text, i).second;
      append_sizes_.insert(text.size());
    }
  }

  /// Everything got so far can be put together in at most one way.
  bool unique() const { return unique_; }

  std::uint32_t root_of(std::string_view text) {
    const auto [at, is_new] = roots_.emplace(text, count_);
    if (is_new) ++count_;
    root_sizes_.insert(text.size());
    return at->second;
  }
  /// A text that nobody gets.
  std::uint32_t nothing() { return count_++; }

  /// The node of a text that was got; one of its own if it cannot be put together.
  std::uint32_t node_of(std::string_view text) {
    const auto [at, is_new] = got_.emplace(text, 0);
    if (is_new) at->second = find_node(text);
    return at->second;
  }
  /// From which node to which an append leads; none if it is in no text that was got.
  std::optional<Edge> edge_of(std::uint32_t append) const {
    const auto at = edges_.find(append);
    return at == edges_.end() ? std::nullopt : std::optional(at->second);
  }

 private:
  std::uint32_t find_node(std::string_view text) {
    // Of each place: in how many ways one comes there (2: more than one), and by which append.
    std::vector<std::uint8_t> ways(text.size() + 1, 0);
    std::vector<std::uint32_t> by(text.size() + 1, kNone);
    for (const std::size_t size : root_sizes_) {
      if (size <= text.size() && roots_.contains(text.substr(0, size))) ways[size] = 1;
    }
    for (std::size_t at = 0; at < text.size(); ++at) {
      if (ways[at] == 0) continue;
      for (const std::size_t size : append_sizes_) {
        if (at + size > text.size()) break;
        const auto append = appends_.find(text.substr(at, size));
        if (append == appends_.end()) continue;
        auto& more = ways[at + size];
        more = static_cast<std::uint8_t>(std::min(2, more + ways[at]));
        by[at + size] = append->second;
      }
    }
    unique_ &= ways[text.size()] < 2;
    std::vector<std::uint32_t> path;
    std::size_t at = text.size();
    if (ways[at] != 1) return count_++;
    // The one way to the end is at no place one of several; a root may be in its middle.
    while (by[at] != kNone) {
      path.push_back(by[at]);
      at -= size_of(by[at]);
    }
    std::uint32_t node = roots_.find(text.substr(0, at))->second;
    for (auto append = path.rbegin(); append != path.rend(); ++append) {
      const auto [edge, is_new] = edges_.emplace(*append, Edge{node, count_});
      if (is_new) ++count_;
      // It happens once, and there: whoever got it elsewhere got what cannot be.
      if (edge->second.from != node) return count_++;
      node = edge->second.to;
    }
    return node;
  }

  std::size_t size_of(std::uint32_t append) const { return texts_[acts_[append].x].size(); }

  static constexpr std::uint32_t kNone = Act::kNone;

  const std::vector<Act>& acts_;
  const std::vector<std::string_view>& texts_;
  bool unique_ = true;
  std::uint32_t count_ = 0;
  std::map<std::string_view, std::uint32_t> roots_;
  std::set<std::size_t> root_sizes_;
  std::map<std::string_view, std::uint32_t> appends_;  // index of the act
  std::set<std::size_t> append_sizes_;
  std::map<std::string_view, std::uint32_t> got_;
  std::map<std::uint32_t, Edge> edges_;
};

}  // namespace

std::optional<ReducedTexts> reduce_texts(const TextCell& model, const std::vector<Act>& acts,
                                         const std::vector<bool>& required) {
  TextTree tree(model, acts);
  ReducedTexts reduced{tree.root_of(model.initial), acts};
  for (std::size_t i = 0; i < acts.size() && tree.unique(); ++i) {
    Act& act = reduced.acts[i];
    if (act.code == TextCell::kCas) return std::nullopt;
    if (act.code == TextCell::kPut) {
      act = {RegisterCells::kWrite, Act::kNone, tree.root_of(model.texts[act.x])};
    } else if (act.code == TextCell::kGet) {
      act = {RegisterCells::kRead, required[i] ? tree.node_of(model.texts[act.x]) : 0, 0};
    }
  }
  if (!tree.unique()) return std::nullopt;
  const std::uint32_t nothing = tree.nothing();
  for (std::uint32_t i = 0; i < acts.size(); ++i) {
    if (acts[i].code != TextCell::kAppend) continue;
    const auto edge = tree.edge_of(i);
    reduced.acts[i] = edge ? Act{RegisterCells::kCas, edge->from, edge->to}
                           : Act{RegisterCells::kWrite, Act::kNone, nothing};
  }
  return reduced;
}

}  // namespace seedbed
