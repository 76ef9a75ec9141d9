//! Pages of operations, all drawn by the server. Every page of one operation stands in
//! [`head::operation_page`].

pub mod answering;
pub mod calendar;
pub mod head;
pub mod page_agenda;
pub mod page_answer_link;
pub mod page_answers;
pub mod page_billet;
pub mod page_billets;
pub mod page_board;
pub mod page_calendar;
pub mod page_feeds;
pub mod page_form;
pub mod page_history;
pub mod page_manage;
pub mod page_move;
pub mod page_operation;
pub mod page_setup;
pub mod page_suggest;
pub mod parts;
