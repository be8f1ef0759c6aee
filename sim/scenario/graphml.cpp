// Boost before all else: some of its headers use names that are poison to ours.
#include <boost/graph/graphml.hpp>

#include "sim/base/poison.h"
#include "sim/scenario/graphml.h"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <sstream>

#include "sim/scenario/data_file.h"
#include "sim/world/topology.h"

namespace seedbed {

namespace {

constexpr std::size_t kMostBytesOfGraph = std::size_t{8} << 20;
constexpr std::size_t kMostElements = 1'000'000;
constexpr std::size_t kMostEdges = 1'000'000;
/// GraphML needs six or so; Boost's reader calls itself once for each.
constexpr int kDeepest = 32;

/// What is left after the markup that begins with `open` and ends with `close`.
std::string_view beyond(std::string_view text, std::string_view close) {
  const std::size_t end = text.find(close);
  return end == text.npos ? std::string_view{} : text.substr(end + close.size());
}

/// A tag from its '<' to its '>'; a '>' within quotes is text.
std::string_view tag_of(std::string_view text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '>') {
      return text.substr(0, i + 1);
    }
  }
  return text;
}

/// What is wrong with the text, as far as it could harm who reads it.
std::string harm_in(std::string_view text) {
  int depth = 0;
  std::size_t elements = 0;
  while (true) {
    text.remove_prefix(std::min(text.find('<'), text.size()));
    if (text.empty()) return {};
    if (text.starts_with("<!--")) {
      text = beyond(text, "-->");
    } else if (text.starts_with("<![CDATA[")) {
      text = beyond(text, "]]>");
    } else if (text.starts_with("<!")) {
      return "a document type or entities, which a graph has no use for";
    } else if (text.starts_with("<?")) {
      text = beyond(text, "?>");
    } else {
      const std::string_view tag = tag_of(text);
      if (tag.starts_with("</")) {
        --depth;
      } else if (!tag.ends_with("/>")) {
        ++depth;
      }
      if (depth > kDeepest) return fmt::format("elements more than {} deep", kDeepest);
      if (++elements > kMostElements) return fmt::format("more than {} elements", kMostElements);
      text.remove_prefix(tag.size());
    }
  }
}

struct TooLarge : std::exception {};

/// What Boost's reader puts its vertices and edges into.
class Builder : public boost::mutate_graph {
 public:
  bool is_directed() const override { return directed_; }
  void take_directed() { directed_ = true; }
  boost::any do_add_vertex() override {
    if (graph.nodes == Topology::kMostNodes) throw TooLarge();
    return NodeId{++graph.nodes};
  }
  std::pair<boost::any, bool> do_add_edge(boost::any source, boost::any target) override {
    if (graph.edges.size() == kMostEdges) throw TooLarge();
    graph.edges.emplace_back(boost::any_cast<NodeId>(source), boost::any_cast<NodeId>(target));
    return {graph.edges.size(), true};
  }
  void set_graph_property(const std::string&, const std::string&, const std::string&) override {}
  void set_vertex_property(const std::string&, boost::any, const std::string&,
                           const std::string&) override {}
  void set_edge_property(const std::string&, boost::any, const std::string&,
                         const std::string&) override {}

  Graph graph;

 private:
  bool directed_ = false;
};

Graph parse(const std::string& text, std::string& error) {
  Builder builder;
  // Boost refuses a directed graph for an undirected one, and the other way round.
  const std::size_t says = std::min(text.find("edgedefault"), text.size());
  const std::string_view direction = std::string_view(text).substr(says, 40);
  if (direction.find("undirected") == direction.npos) builder.take_directed();
  std::istringstream in(text);
  try {
    boost::read_graphml(in, builder, 0);
  } catch (const TooLarge&) {
    error = fmt::format("more than {} nodes or {} edges", Topology::kMostNodes, kMostEdges);
  } catch (const std::exception& e) {
    error = fmt::format("not GraphML: {}", printable(e.what()));
  }
  if (error.empty() && builder.graph.nodes == 0) error = "a graph without nodes";
  return std::move(builder.graph);
}

}  // namespace

std::shared_ptr<const Graph> read_graphml_file(const Cursor& at, const std::string& file) {
  const auto data = read_data_file(at, file, kMostBytesOfGraph);
  if (!data) return nullptr;
  std::string error = harm_in(data->text);
  Graph graph;
  if (error.empty()) graph = parse(data->text, error);
  if (error.empty()) return std::make_shared<const Graph>(std::move(graph));
  at.error(fmt::format("{}: {}", printable(data->name), error));
  return nullptr;
}

}  // namespace seedbed
