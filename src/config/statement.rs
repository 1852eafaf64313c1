//! Whether a statement is one SELECT, and where it is not.
//!
//! Apart because a statement is judged twice: when the configuration is checked, and again before it is sent, where
//! its dialect is only known then. What it calls cannot be seen from here: a function may write, and that the
//! read-only transaction keeps it from it is the database's doing.

use std::ops::Range;

use sqlparser::ast::{Query, SetExpr, Statement};
use sqlparser::dialect::{Dialect, GenericDialect, MySqlDialect, PostgreSqlDialect, SQLiteDialect};
use sqlparser::keywords::Keyword;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token, TokenWithSpan, Tokenizer, Whitespace};

use super::database::DatabaseKind;
use crate::text;
use crate::text::Text;

/// More text is no statement that a person wrote.
const LONGEST: usize = 100_000;
/// The parser goes down as deep as a statement is nested, and chains of operators are as deep as they are long.
const STACK: usize = 128 << 20;

/// Why a statement is refused, and which bytes of it are the reason.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// The reason.
    pub message: Text,
    /// The bytes.
    pub place: Range<usize>,
}

/// The statement without a semicolon at its end, where it is one SELECT; of a database that is not known yet, in any
/// dialect.
///
/// # Errors
/// Where it is anything else, or cannot be understood.
pub fn select(statement: &str, kind: Option<DatabaseKind>) -> Result<&str, Refusal> {
    if statement.len() > LONGEST {
        return Err(Refusal {
            message: text!("语句太长，请在数据库里建视图", "the statement is too long: make a view in the database"),
            place: 0..statement.len(),
        });
    }
    let judged = std::thread::scope(|scope| {
        let judge = || match kind {
            Some(kind) => of_kind(statement, kind),
            None => any_dialect(statement),
        };
        std::thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, judge)
            .map(std::thread::ScopedJoinHandle::join)
    });
    match judged {
        Ok(Ok(judged)) => judged.map(|end| statement.get(..end).unwrap_or(statement)),
        _ => Err(Refusal {
            message: text!("语句无法解析", "the statement cannot be parsed"),
            place: 0..statement.len(),
        }),
    }
}

/// Whether the rows of a statement come in an order that it asks for.
pub fn is_sorted(statement: &str, kind: DatabaseKind) -> bool {
    let dialect: Box<dyn Dialect> = match kind {
        DatabaseKind::Sqlite => Box::new(SQLiteDialect {}),
        DatabaseKind::Postgres => Box::new(PostgreSqlDialect {}),
        DatabaseKind::MySql => Box::new(MySqlDialect {}),
    };
    let words = Tokenizer::new(&*dialect, statement).tokenize().unwrap_or_default();
    let solid: Vec<&Token> = words.iter().filter(|token| !matches!(token, Token::Whitespace(_))).collect();
    let is_word = |token: &Token, wanted: Keyword| matches!(token, Token::Word(word) if word.keyword == wanted);
    // one within it may not matter, and may
    words.is_empty() || solid.windows(2).any(|pair| is_word(pair[0], Keyword::ORDER) && is_word(pair[1], Keyword::BY))
}

fn of_kind(statement: &str, kind: DatabaseKind) -> Result<usize, Refusal> {
    match kind {
        DatabaseKind::Sqlite => judge(statement, &SQLiteDialect {}),
        DatabaseKind::Postgres => judge(statement, &PostgreSqlDialect {}),
        DatabaseKind::MySql => judge(statement, &MySqlDialect {}),
    }
}

/// Where no dialect takes the statement, what the generic one says of it.
fn any_dialect(statement: &str) -> Result<usize, Refusal> {
    judge(statement, &GenericDialect {}).or_else(|refusal| {
        [DatabaseKind::Postgres, DatabaseKind::MySql, DatabaseKind::Sqlite]
            .into_iter()
            .find_map(|kind| of_kind(statement, kind).ok())
            .ok_or(refusal)
    })
}

/// Where the statement ends, without a semicolon.
fn judge(statement: &str, dialect: &dyn Dialect) -> Result<usize, Refusal> {
    let tokens = Tokenizer::new(dialect, statement).tokenize_with_location().map_err(|error| {
        let said = error.message;
        refusal(statement, error.location, 1, text!("语句写错了：{said}", "this is no SQL: {said}"))
    })?;
    let solid: Vec<&TokenWithSpan> =
        tokens.iter().filter(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF)).collect();
    let at = |token: &TokenWithSpan, message: Text| {
        refusal(statement, token.span.start, token.token.to_string().len(), message)
    };
    // MariaDB carries out what stands in such a comment, and MySQL in /*! */, which its dialect reads as part of the statement
    if let Some(token) = tokens.iter().find(|token| is_executed(&token.token)) {
        return Err(at(token, text!("语句里不能有 /*! */ 一类的注释", "a statement has no comments such as /*! */")));
    }
    let end = solid.iter().position(|token| token.token == Token::SemiColon);
    if let Some(next) = end.and_then(|end| solid.get(end + 1)) {
        return Err(at(next, text!("只能有一条语句", "there can only be one statement")));
    }
    let Some(first) = solid.first().copied() else {
        return Err(Refusal { message: only_select(), place: 0..statement.len() });
    };
    // no column is called so without quotes
    let into = solid.iter().find(|token| begins_select(first) && keyword(token) == Keyword::INTO);
    if let Some(token) = into {
        return Err(at(token, only_select()));
    }
    let parsed = Parser::new(dialect).with_tokens_with_locations(tokens.clone()).parse_statements();
    let mut statements = match parsed {
        Ok(statements) => statements,
        Err(_) if !begins_select(first) => return Err(at(first, only_select())),
        Err(error) => return Err(explain(statement, &error.to_string())),
    };
    let only = statements.pop();
    let fault = match &only {
        Some(Statement::Query(query)) if statements.is_empty() => {
            if has_keyword(first) && !begins_select(first) {
                Some(first)
            } else {
                writing(query, &solid)
            }
        }
        _ => Some(first),
    };
    if let Some(token) = fault {
        return Err(at(token, only_select()));
    }
    let semicolon = end.and_then(|end| solid.get(end));
    Ok(semicolon.map_or(statement.trim_end().len(), |token| offset(statement, token.span.start)))
}

fn only_select() -> Text {
    text!(
        "query 只能是一条 SELECT（可带 WITH），不能写入或加锁",
        "a query can only be one SELECT, with WITH or without, that neither writes nor locks"
    )
}

fn is_executed(token: &Token) -> bool {
    match token {
        Token::Whitespace(Whitespace::MultiLineComment(comment)) => {
            comment.starts_with('!') || comment.starts_with("M!")
        }
        _ => false,
    }
}

fn keyword(token: &TokenWithSpan) -> Keyword {
    match &token.token {
        Token::Word(word) if word.quote_style.is_none() => word.keyword,
        _ => Keyword::NoKeyword,
    }
}

fn has_keyword(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Word(_))
}

fn begins_select(token: &TokenWithSpan) -> bool {
    matches!(keyword(token), Keyword::SELECT | Keyword::WITH) || token.token == Token::LParen
}

/// The word with which a query begins to write or to lock.
fn writing<'t>(query: &Query, tokens: &[&'t TokenWithSpan]) -> Option<&'t TokenWithSpan> {
    if only_reads(query) {
        return None;
    }
    let locks = [Keyword::UPDATE, Keyword::SHARE, Keyword::NO, Keyword::KEY];
    let locking = tokens
        .windows(2)
        .find(|pair| keyword(pair[0]) == Keyword::FOR && locks.contains(&keyword(pair[1])))
        .map(|pair| pair[0]);
    let verbs = [Keyword::INSERT, Keyword::UPDATE, Keyword::DELETE, Keyword::MERGE];
    let first = tokens.first().copied();
    locking.or_else(|| tokens.iter().find(|token| verbs.contains(&keyword(token))).copied()).or(first)
}

fn only_reads(query: &Query) -> bool {
    query.locks.is_empty()
        && query.with.as_ref().is_none_or(|with| with.cte_tables.iter().all(|table| only_reads(&table.query)))
        && selects(&query.body)
}

fn selects(body: &SetExpr) -> bool {
    match body {
        SetExpr::Select(select) => select.into.is_none(),
        SetExpr::Query(query) => only_reads(query),
        SetExpr::SetOperation { left, right, .. } => selects(left) && selects(right),
        // of use within a WITH or a UNION, and harmless
        SetExpr::Values(_) | SetExpr::Table(_) => true,
        SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => false,
    }
}

/// A parser's words without its "at Line: 1, Column: 5", at that place.
fn explain(statement: &str, said: &str) -> Refusal {
    let said = said.rsplit_once("error: ").map_or(said, |(_, rest)| rest);
    let (said, position) = said.rsplit_once(" at Line: ").unwrap_or((said, ""));
    let place = position.split_once(", Column: ").and_then(|(line, column)| {
        Some(Location { line: line.trim().parse().ok()?, column: column.trim().parse().ok()? })
    });
    let message = text!(
        "语句写错了，或 hedui 看不懂：{said}；可在数据库里建视图，再用 from 指定",
        "this is no SQL, or none that hedui understands: {said}; you can make a view in the database and name it by from"
    );
    match place {
        Some(place) => refusal(statement, place, 1, message),
        None => Refusal { message, place: 0..statement.len() },
    }
}

fn refusal(statement: &str, location: Location, length: usize, message: Text) -> Refusal {
    let start = offset(statement, location);
    Refusal { message, place: start..(start + length).min(statement.len()).max(start) }
}

/// The byte of a line and column from 1, the column in characters.
fn offset(statement: &str, location: Location) -> usize {
    let lines = usize::try_from(location.line.saturating_sub(1)).unwrap_or(0);
    let before: usize = statement.split_inclusive('\n').take(lines).map(str::len).sum();
    let rest = statement.get(before..).unwrap_or_default();
    let column = usize::try_from(location.column.saturating_sub(1)).unwrap_or(0);
    before + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [Option<DatabaseKind>; 4] =
        [None, Some(DatabaseKind::Sqlite), Some(DatabaseKind::Postgres), Some(DatabaseKind::MySql)];

    #[test]
    fn selects_are_taken() {
        for statement in [
            "select 1",
            "SELECT * FROM crm.contract -- 合同\n",
            "with a as (select 1 as x) select x from a union all select 2",
            "(select a from t) union (select a from u) order by 1",
            "select count(*), max(签订日期) from 合同 where 状态 <> '删除; delete from x' group by 编号",
            "select substring(a from 1 for 2), cast(b as char(10)) from t limit 10",
            "select case when a > 1 then 'into' else 'for update' end as \"into\" from t",
            "with a(x) as (values (1), (2)) select x from a",
        ] {
            for kind in KINDS {
                assert!(select(statement, kind).is_ok(), "{kind:?} {statement}: {:?}", select(statement, kind));
            }
        }
        for (statement, kind) in [
            ("select a::text, b->>'x' from t where c ~ '^1' and d = any($$x$$)", DatabaseKind::Postgres),
            (
                "select distinct on (a) a, b at time zone 'Asia/Shanghai' from t order by a, c desc",
                DatabaseKind::Postgres,
            ),
            ("select `客户 名称`, ifnull(b, 0) from `crm`.`客户` limit 5, 10", DatabaseKind::MySql),
        ] {
            assert!(select(statement, Some(kind)).is_ok(), "{:?}", select(statement, Some(kind)));
            assert!(select(statement, None).is_ok(), "{:?}", select(statement, None));
        }
    }

    #[test]
    fn a_semicolon_at_the_end_is_left_out() {
        for statement in ["select 1;", "select 1 ; -- end", "select 1\n;\n"] {
            assert_eq!(select(statement, Some(DatabaseKind::Postgres)).map(str::trim_end).ok(), Some("select 1"));
        }
    }

    #[test]
    fn whatever_else_is_refused_at_its_place() {
        for (statement, at) in [
            ("delete from 客户", 0),
            ("  update t set a = 1", 2),
            ("insert into t values (1)", 0),
            ("drop table t", 0),
            ("create table t as select 1", 0),
            ("explain select 1", 0),
            ("values (1)", 0),
            ("call f()", 0),
            ("pragma query_only = off", 0),
            ("vacuum", 0),
            ("select 1; drop table t", 10),
            ("select * into u from t", 9),
            ("select a from t for update", 16),
            ("with d as (delete from t returning a) select a from d", 11),
            ("select a from t into outfile '/tmp/x'", 16),
            ("select 1 /*! into outfile '/tmp/x' */", 10),
            ("select 'open", 7),
            ("", 0),
            ("; select 1", 2),
        ] {
            for kind in KINDS {
                let refusal = select(statement, kind).err();
                assert!(refusal.is_some(), "{kind:?} {statement}");
            }
            let kind = if statement.contains("outfile") { DatabaseKind::MySql } else { DatabaseKind::Postgres };
            let place = select(statement, Some(kind)).err().map(|refusal| refusal.place.start);
            assert_eq!(place, Some(at), "{statement}");
        }
    }

    #[test]
    fn no_statement_is_too_deep_to_be_judged() {
        let chain = format!("select 1{}", "+1".repeat(49_000));
        let nested = format!("select {}1{}", "(".repeat(40_000), ")".repeat(40_000));
        for statement in [chain, nested] {
            for kind in KINDS {
                let _ = select(&statement, kind);
            }
        }
        assert!(select(&format!("select '{}'", "x".repeat(LONGEST)), None).is_err());
    }
}
