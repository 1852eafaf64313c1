//! Long chains in the tree of a condition: `a or b or c …` becomes one choice, and a tree too deep to walk is refused.
//!
//! Apart because the parser's tree leans to the left, a level a word: a list of thousands that somebody pasted would
//! exhaust the stack of whoever walks it. It knows the shape of the tree, no field and no value.

use sqlparser::ast::{BinaryOperator, Expr};

use super::functions::arguments;

/// So many levels are walked, and no more: no person writes so many.
const DEEPEST: usize = 500;

/// The parts of a chain of one operator, from the left; the whole itself where it is none.
pub(super) fn parts<'e>(whole: &'e Expr, operator: &BinaryOperator) -> Vec<&'e Expr> {
    let mut parts = Vec::new();
    let mut rest = vec![whole];
    while let Some(expression) = rest.pop() {
        match expression {
            Expr::BinaryOp { left, op, right } if op == operator => rest.extend([right.as_ref(), left.as_ref()]),
            Expr::Nested(inner) if is_chain(inner, operator) => rest.push(inner),
            part => parts.push(part),
        }
    }
    parts
}

fn is_chain(expression: &Expr, operator: &BinaryOperator) -> bool {
    matches!(expression, Expr::BinaryOp { op, .. } if op == operator)
}

/// Whether a tree is deeper than anybody may walk; a chain of `and`, or of `or`, is one level.
pub(super) fn is_too_deep(whole: &Expr) -> bool {
    let joins = |op: &BinaryOperator| matches!(op, BinaryOperator::And | BinaryOperator::Or);
    let mut rest: Vec<(&Expr, usize, Option<&BinaryOperator>)> = vec![(whole, 0, None)];
    while let Some((expression, depth, above)) = rest.pop() {
        if depth > DEEPEST {
            return true;
        }
        match expression {
            Expr::BinaryOp { left, op, right } => {
                let below = if joins(op) && above == Some(op) { depth } else { depth + 1 };
                rest.extend([(left.as_ref(), below, Some(op)), (right.as_ref(), below, Some(op))]);
            }
            Expr::Nested(inner) => rest.push((inner, depth, above)),
            Expr::UnaryOp { expr, .. } => rest.push((expr, depth + 1, None)),
            Expr::Function(function) => {
                rest.extend(arguments(function).into_iter().map(|argument| (argument, depth + 1, None)));
            }
            Expr::InList { expr, list, .. } => {
                rest.extend(std::iter::once(expr.as_ref()).chain(list).map(|part| (part, depth + 1, None)));
            }
            Expr::Between { expr, low, high, .. } => {
                rest.extend([expr, low, high].map(|part| (part.as_ref(), depth + 1, None)));
            }
            // The parser itself refuses to go deep into everything else.
            _ => {}
        }
    }
    false
}

/// Lets go of a tree level by level; by itself it would be dropped from within.
pub(super) fn dismantle(whole: Expr) {
    let mut rest = vec![whole];
    while let Some(expression) = rest.pop() {
        match expression {
            Expr::BinaryOp { left, right, .. } => rest.extend([*left, *right]),
            Expr::Nested(inner) | Expr::UnaryOp { expr: inner, .. } => rest.push(*inner),
            _ => {}
        }
    }
}
