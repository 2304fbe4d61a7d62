// This source file is part of the voice-pipeline project.
// SPDX-License-Identifier: Apache-2.0

public import PipelineKit

/// What is said of a web address.
public enum LinkReading: String, ParameterChoice {
    case host
    case skip
    case keep

    public var summary: String {
        switch self {
        case .host: "says the name of the site, such as example dot com"
        case .skip: "says nothing; a sentence may lack its end"
        case .keep: "says the address as it is written, which may take long"
        }
    }

    /// What is said of `address`.
    func spoken(_ address: String) -> String {
        switch self {
        case .skip: ""
        case .keep: address
        case .host: Self.host(of: address)
        }
    }

    private static func host(of address: String) -> String {
        var rest = address[...]
        if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
        if rest.lowercased().hasPrefix("www.") { rest = rest.dropFirst(4) }
        let host = rest.prefix { !"/?#:".contains($0) }
        return host.split(separator: ".").joined(separator: " dot ")
    }
}
