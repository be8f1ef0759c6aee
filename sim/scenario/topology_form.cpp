#include "sim/scenario/world_fields.h"

namespace seedbed {

namespace {

constexpr ChoiceForm<TopologyKind> kWords = {kTopologies, "topology"};
constexpr MapForm<DrawnTopologies> kDrawn = {
    "a topology: complete, ring, line, star, tree, grid or { random: { degree: 4 } }",
    "topologies"};

}  // namespace

void TopologyForm::read(const Cursor& at, TopologyConfig& out) const {
  if (!at.node().is_map()) {
    const auto word = at.scalar(kDrawn.wanted);
    if (word == "random") return at.error("'random' has a degree: { random: { degree: 4 } }");
    if (word) kWords.read(at, out.kind);
    return;
  }
  DrawnTopologies drawn;
  kDrawn.read(at, drawn);
  out = {TopologyKind::kRandom, drawn.random.degree};
}

Shape TopologyForm::shape() const { return Shape::either({kWords.shape(), kDrawn.shape()}); }

}  // namespace seedbed
