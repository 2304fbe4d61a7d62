// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

extension GraphDrawing {
    private static let box = (width: 210.0, height: 58.0)
    private static let space = (across: 40.0, down: 34.0)
    private static let margin = 24.0

    /// The graph as a picture that stands alone.
    var svg: String {
        let layout = LayeredLayout(inputs: boxes.map(\.inputs))
        let width = Double(max(1, layout.width)) * (Self.box.width + Self.space.across) + 2 * Self.margin
        let height = Double(max(1, layout.height)) * (Self.box.height + Self.space.down) + 2 * Self.margin
        var text = """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(width.fixed(0))" height="\(height.fixed(0))" \
            viewBox="0 0 \(width.fixed(0)) \(height.fixed(0))" font-family="sans-serif" text-anchor="middle">
              <title>\(Self.escaped(name))</title>
              <defs><marker id="arrow" markerWidth="8" markerHeight="8" refX="7" refY="4" orient="auto">\
            <path d="M0 0 L8 4 L0 8 z" fill="#555"/></marker></defs>
              <rect width="100%" height="100%" fill="#fff"/>

            """
        for (index, box) in boxes.enumerated() {
            for input in box.inputs { text += edge(from: place(input, layout, width), to: place(index, layout, width)) }
        }
        for (index, box) in boxes.enumerated() { text += self.text(box, place(index, layout, width)) }
        return text + "</svg>\n"
    }

    /// The middle of a box.
    private func place(_ index: Int, _ layout: LayeredLayout, _ width: Double) -> (x: Double, y: Double) {
        let x = width / 2 + layout.offsets[index] * (Self.box.width + Self.space.across)
        let y = Self.margin + Double(layout.rows[index]) * (Self.box.height + Self.space.down) + Self.box.height / 2
        return (x, y)
    }

    private func text(_ box: Box, _ middle: (x: Double, y: Double)) -> String {
        let fill = box.queue == nil ? "#f4f6f8" : "#e3eefb"
        var text = """
              <rect x="\((middle.x - Self.box.width / 2).fixed(1))" y="\((middle.y - Self.box.height / 2).fixed(1))" \
            width="\(Self.box.width.fixed(0))" height="\(Self.box.height.fixed(0))" rx="7" fill="\(fill)" stroke="#789"/>

            """
        let labels = box.labels
        for (line, label) in labels.enumerated() {
            let y = middle.y + (Double(line) - Double(labels.count - 1) / 2) * 16 + 5
            let style = line == 0 ? "font-size=\"14\" font-weight=\"bold\"" : "font-size=\"11\" fill=\"#456\""
            text +=
                "  <text x=\"\(middle.x.fixed(1))\" y=\"\(y.fixed(1))\" \(style)>\(Self.escaped(label.fitting(32)))</text>\n"
        }
        return text
    }

    /// A line that leaves downwards and arrives from above; one that skips rows bows out beside the boxes between.
    private func edge(from start: (x: Double, y: Double), to end: (x: Double, y: Double)) -> String {
        let (top, bottom) = (start.y + Self.box.height / 2, end.y - Self.box.height / 2)
        let skips = bottom - top > Self.space.down * 1.5 && abs(start.x - end.x) < Self.box.width / 2
        let bow = skips ? Self.box.width * 0.75 : 0
        let bend = skips ? Self.space.down : (bottom - top) / 2
        let points = [start.x, top, start.x + bow, top + bend, end.x + bow, bottom - bend, end.x, bottom - 2]
        let p = points.map { $0.fixed(1) }
        return """
              <path d="M\(p[0]) \(p[1]) C\(p[2]) \(p[3]) \(p[4]) \(p[5]) \(p[6]) \(p[7])" fill="none" stroke="#555" \
            marker-end="url(#arrow)"/>

            """
    }

    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }
}
