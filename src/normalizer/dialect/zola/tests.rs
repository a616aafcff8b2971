//! Places, dates and names of pages, as Zola reads them.
