//! The workplace of the benchmark: one workbook of customers, its cells as mixed as real ones.
//!
//! Apart because what is measured should not know how it was made. Every third column holds texts that are different
//! in every row, others repeat a few, are dates, amounts, whole numbers or often empty.

use std::error::Error;
use std::path::Path;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};

/// The workbook, within the workplace.
pub const FILE: &str = "customers.xlsx";

const HEADERS: [&str; 30] = [
    "档案编号",
    "客户名称",
    "客户类型",
    "统一社会信用代码",
    "法定代表人",
    "联系人",
    "联系电话",
    "电子邮箱",
    "通讯地址",
    "邮政编码",
    "传真",
    "经营范围",
    "注册资本(万元)",
    "开户银行",
    "银行账号",
    "负责部门",
    "负责人",
    "所属行业",
    "企业性质",
    "所属区域",
    "客户分级",
    "密级",
    "签约日期",
    "录入日期",
    "更新日期",
    "核实日期",
    "反馈日期",
    "对账日期",
    "备注",
    "合计",
];

/// Writes the workplace; returns the workbook's size.
pub fn workplace(folder: &Path, rows: u32, columns: u16) -> Result<usize, Box<dyn Error>> {
    let configuration = format!("[company]\nname = \"例\"\n\n[[source]]\ntable = \"customers\"\npath = \"{FILE}\"\n");
    std::fs::write(folder.join("hedui.toml"), configuration)?;
    let mut workbook = Workbook::new();
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet_with_low_memory()?;
    for column in 0..columns {
        let header =
            HEADERS.get(usize::from(column)).map_or_else(|| format!("其他{column}"), |name| (*name).to_owned());
        sheet.write_string(0, column, header)?;
    }
    for row in 1..=rows {
        for column in 0..columns {
            let number = f64::from(row) * 7.0 + f64::from(column);
            match column {
                0 => sheet.write_string(row, column, format!("经销商2023-{row:06}"))?,
                22..28 => {
                    let serial = 44_000.0 + number % 1800.0;
                    sheet.write_datetime_with_format(row, column, ExcelDateTime::from_serial_datetime(serial)?, &day)?
                }
                12 => sheet.write_number(row, column, (number * 13.0).round() / 100.0)?,
                29 => sheet.write_number(row, column, number)?,
                10 | 28 if row % 3 > 0 => continue,
                _ if column % 3 == 1 => sheet.write_string(row, column, format!("某某市第{row}号有限公司{column}"))?,
                _ if column % 3 == 2 => sheet.write_string(row, column, format!("第{}类", row % 40))?,
                _ => sheet.write_string(row, column, format!("1380{:07}", row % 5000))?,
            };
        }
    }
    let bytes = workbook.save_to_buffer()?;
    std::fs::write(folder.join(FILE), &bytes)?;
    Ok(bytes.len())
}
